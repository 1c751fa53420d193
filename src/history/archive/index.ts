export { type DemandArchive, openDemandArchive, seriesArchive } from './demand-archive.ts';
export { archiveFileName } from './file/archive-file.ts';
