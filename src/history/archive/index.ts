export type { SeriesArchive } from './archived-tail.ts';
export { type ArchiveState, type DemandArchive, openDemandArchive } from './demand-archive.ts';
export { archiveFileName } from './file/archive-file.ts';
export type { ArchivedSpan } from './file/archive-keeper.ts';
export { spanSeconds } from './file/chunks.ts';
export { merged } from './roll-ups/merge.ts';
export type { RollUp } from './roll-ups/roll-up.ts';
export { decodeRollUps, encodeRollUps } from './roll-ups/roll-up-chunk.ts';
export { type AskOthers, type SeriesId, seriesArchive } from './series-archive.ts';
