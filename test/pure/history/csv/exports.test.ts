import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type CsvOptions, parseCsvHistory, readCsvHistory } from '../../../../src/history/csv.ts';

/** 2026-11-13T00:00Z. */
const start = 1_794_528_000;
const read = (text: string, options?: CsvOptions) => {
  const { timestamps, values } = parseCsvHistory(text, options);
  return { times: Array.from(timestamps), values: Array.from(values) };
};
const warningsOf = (text: string, options?: CsvOptions) => parseCsvHistory(text, options).warnings;
const refuses = (text: string, message: RegExp, options?: CsvOptions) =>
  expect(() => parseCsvHistory(text, options)).toThrowError(
    expect.objectContaining({ code: 'invalid-csv', message: expect.stringMatching(message) }),
  );

/** Three rows five minutes apart, of which the second is missing where the tool can write that. */
const expected = { times: [start, start + 600], values: [1780.5, 17] };

describe('what tools export is read', () => {
  it.each([
    [
      'Grafana, a query as the name of the column',
      '"Time","sum by (job) (rate(http_requests_total{job=~""a,b""}[2m]))"\n2026-11-13 00:00:00,1780.5\n2026-11-13 00:05:00,null\n2026-11-13 00:10:00,17\n',
    ],
    [
      'Grafana for Excel, with units',
      'sep=,\n"Time","shop"\n1794528000000,1780.5 req/s\n1794528300000,undefined\n1794528600000,17 req/s\n',
    ],
    [
      'Datadog, one group',
      'group,timestamp,value\n"service:shop","Fri Nov 13 2026 00:00:00 GMT+0000 (Coordinated Universal Time)",1780.5\n"service:shop","Fri Nov 13 2026 01:05:00 GMT+0100 (CET)",\n"service:shop","Fri Nov 13 2026 00:10:00 GMT+0000 (UTC)",17\n',
    ],
    [
      'CloudWatch, with what describes the metric above',
      'Full label,AWS/ApplicationELB RequestCount\nLabel,RequestCount\nID,m1\nStat,Average\nPeriod,300\n2026/11/13 00:00:00,1780.5\n2026/11/13 00:05:00,\n2026/11/13 00:10:00,17\n',
    ],
    [
      'Excel, German',
      'Zeit;Anfragen/s;\r\n13.11.2026 00:00;1.780,5;\r\n13.11.2026 00:05;;\r\n13.11.2026 00:10;17;\r\n;;\r\n',
    ],
    [
      'Excel, American',
      'Date,Requests\n11/13/2026 12:00 AM,"1,780.5"\n11/13/2026 12:05 AM,#N/A\n11/13/2026 12:10 AM,17\n',
    ],
    ['Excel, British', 'Date,Requests\n13/11/2026 00:00,1780.5\n13/11/2026 00:05,\n13/11/2026 00:10,17\n'],
    ['Swiss groups, tabs', "Zeit\tWert\n2026-11-13 00:00\t1'780.5\n2026-11-13 00:10\t17\n"],
    ['French groups', 'date;valeur\n2026-11-13 00:00;1\u202f780,5\n2026-11-13 00:10;17\n'],
    ['pipes, names of months', 'ts|v\n13-Nov-2026 00:00:00|1780.5\nNov 13, 2026 12:10 AM|17\n'],
    [
      'Kibana',
      '"@timestamp per 5 minutes",Count\n"Nov 13, 2026 @ 00:00:00.000","1,780.5"\n"Nov 13, 2026 @ 00:10:00.000",17\n',
    ],
    [
      'InfluxDB',
      '#datatype,string,long\n,result,table,_time,_value\n,,0,2026-11-13T00:00:00Z,1780.5\n,,0,2026-11-13T00:10:00Z,17\n',
    ],
    ['numbered rows', ',ds,y\n0,2026-11-13,1780.5\n1,2026-11-13 00:10:00,17\n', { timeColumn: 'ds' }],
    ['an old Mac', 'time,v\r1794528000,1780.5\r1794528600,17\r'],
    ['microseconds', 'epoch,rps\n1794528000000000,1780.5\n1794528600000000,17\n'],
    ['nanoseconds', 'time (ns),rps\n1794528000000000000,1780.5\n1794528600000000000,17\n'],
    ['abbreviations', 'time,rps\n1794528000,1.7805K req/s\n1794528600,17 req/s\n'],
    [
      'a comment above, a header over two lines',
      '# from shop\n"time","requests\nper second"\n1794528000,1780.5\n1794528600,17\n',
    ],
    [
      'the JSON of query_range',
      '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1794528000,"1780.5"],[1794528300,"NaN"],[1794528600,"17"]]}]}}',
    ],
  ])('%s', (_, text, options?: CsvOptions) => {
    expect(read(text, options)).toEqual(expected);
  });

  it('with one of several columns, and one of several series, where it is chosen', () => {
    const text = 'Time,shop,checkout\n60,1,2\n120,3,4\n';
    expect(read(text, { column: 'checkout' }).values).toEqual([2, 4]);
    expect(read(text, { column: 'SHOP' }).values).toEqual([1, 3]);
    expect(
      read('started,ended,value\n60,70,1\n120,130,2\n', { timeColumn: 'ended', column: 'value' }).times,
    ).toEqual([70, 130]);
    const series = (job: string, value: string) => ({
      metric: { __name__: 'up', job },
      values: [
        [60, value],
        [120, value],
      ],
    });
    const json = JSON.stringify({
      data: { resultType: 'matrix', result: [series('a', '1'), series('b', '2')] },
    });
    expect(read(json, { column: 'b' }).values).toEqual([2, 2]);
    expect(read(json, { column: 'up{job="a"}' }).values).toEqual([1, 1]);
    refuses(json, /2 series: up\{job="a"\}, up\{job="b"\}; choose one with --column/);
    refuses(json, /no series is called "c"/, { column: 'c' });
  });
});

describe('bytes are decoded', () => {
  const text = 'timestamp,value\n60,1\n120,2\n';
  const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le');
  it.each([
    ['UTF-16, little end first', utf16],
    ['UTF-16, big end first', Buffer.from(utf16).swap16()],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['Windows-1252', Buffer.from('Zeit;Auftr\xE4ge\n60;1\n120;2\n', 'latin1')],
  ])('%s', async (_, bytes) => {
    const history = await readCsvHistory('-', { stdin: Readable.from([bytes]) });
    expect(Array.from(history.values)).toEqual([1, 2]);
  });

  it.each([
    ['an Excel workbook', '504b030414000600', /Excel workbook.*save it as "CSV UTF-8"/],
    ['gzip', '1f8b080000000000', /gzip.*gunzip/],
    ['no text', '0001020304050607', /no text/],
  ])('but not %s', async (_, hex, message) => {
    const stdin = Readable.from([Buffer.from(hex, 'hex')]);
    await expect(readCsvHistory('-', { stdin })).rejects.toMatchObject({
      code: 'invalid-csv',
      message: expect.stringMatching(message),
    });
  });
});

describe('how a file was understood is said', () => {
  it.each([
    ['Time,v\n2026-11-13 00:00,1\n2026-11-13 00:05,2\n', /name no zone and are read as UTC/],
    ['t;time;v\na;60;1,5\nb;120;2\n', /decimal comma, as in "1,5" \(line 2\)/],
    ['t;time;v\na;60;1,5\nb;120;2\n', /column "t" is not looked at.*"a", "b"/],
    ['time,v\n60,"1,234.5"\n120,2\n', /comma in "1,234.5" \(line 2\) is read as a thousands separator/],
    ['time,v\n60,1.2k\n120,2k\n', /abbreviated/],
    ['time,v\n60,1 req/s\n120,0\n', /without their unit, "req\/s"/],
    ['time,v\n01/02/2026,1\n01/13/2026,2\n', /month\/day\/year, because of line 3/],
    [
      'Label,a\nStat,Sum\n2026/11/13 00:00:00,1\n2026/11/13 00:05:00,2\n',
      /Sum: each value is a count of its period/,
    ],
  ])('%j', (text, note) => {
    expect(warningsOf(text).join('\n')).toMatch(note);
  });

  it('and of the plain form there is nothing to say', () => {
    expect(warningsOf('timestamp,value\n2026-11-13 00:00,1.5\n2026-11-13 00:05,\n')).toEqual([]);
  });
});

describe('what can be read in two ways is refused', () => {
  it.each([
    ['time,v\n03/04/2026,1\n04/04/2026,2\n', /line 2.*month\/day or day\/month.*2026-01-31/],
    ['time,v\n13/04/2026,1\n04/14/2026,2\n', /line 3.*another order than in line 2/],
    ['time,v\n60,"1,234"\n120,"2,345"\n', /line 2.*thousands separator or a decimal mark.*--decimal/],
    ['time;v\n60;1.234\n120;2.345\n', /line 2.*--decimal point or --decimal comma/],
    ['time;v\n60;1,5\n120;2.5\n', /line 3.*another decimal mark than "1,5" in line 2/],
    ['time,a,b\n60,1,2\n', /line 1.*2 columns can be the values: "a", "b"; choose one with --column/],
    ['start time,end time,v\n60,70,x\n120,130,y\n', /--time-column/],
    [
      'Datum;Uhrzeit;Wert\n13.11.2026;00:00;1\n',
      /date and the time of day are in two columns, "Datum", "Uhrzeit"/,
    ],
    ['Date,Time,v\n2026-01-05,09:00,1\n2026-01-05,09:05,2\n', /date and the time of day are in two columns/],
    ['time,v\n60,1 B\n120,2 B\n', /billions or bytes/],
    ['time,v\n60,980 ms\n120,1.2 s\n', /line 3.*the unit "s", and line 2 has the unit "ms"/],
    ['time,v\n60,12\n120,3 apples\n', /line 3.*the unit "apples", and line 2 has no unit/],
  ])('%j', (text, message) => {
    refuses(text, message);
  });

  it('unless it is said', () => {
    const text = 'time;v\n60;1.234\n120;2.345\n';
    expect(read(text, { decimalMark: ',' }).values).toEqual([1234, 2345]);
    expect(read(text, { decimalMark: '.' }).values).toEqual([1.234, 2.345]);
    expect(read('time,v\n60,"1,234"\n120,"2,345"\n', { decimalMark: '.' }).values).toEqual([1234, 2345]);
    expect(read('timestamp,value\n60,1.234\n120,2.345\n').values).toEqual([1.234, 2.345]);
    expect(read('timestamp,value\n60,1.234\n120,2.345\n', { decimalMark: ',' }).values).toEqual([1234, 2345]);
  });
});

describe('what cannot be read is named as what it is', () => {
  it.each([
    ['Date,v\n46339.0,1\n46339.00347,2\n', /line 2 .*looks like an Excel date.*yyyy-mm-dd/],
    ['Datum;v\n46339,5;1\n46339,75;2\n', /looks like an Excel date/],
    ['timestamp,value\n46339,1\n46340,2\n', /looks like an Excel date/],
    ['time,v\n1.79E+12,1\n', /rounded by a spreadsheet/],
    ['time,v\n60,1\n,\n120,2\n', /line 3 ",": the timestamp is missing/],
    ['time,v\n180,1\n120,2\n60,3\n', /line 3 "120,2".*the newest is first; sort the rows by time/],
    ['time,v\n"1,793,491,200",1\n', /number with commas in it/],
    ['<!DOCTYPE html>\n<html>\n', /line 1.*web page/],
    ['time,v\n09:00,1\n', /time of day without a date/],
    ['time,v\n13.11.26 09:00,1\n', /year of "13.11.26 09:00" has two digits/],
    ['time,v\n2026-11-13 09:00 CEST,1\n', /time zone is not known by its letters/],
    ['time,v\n60,1\n1794528000000,2\n', /line 3.*another way \(milliseconds\).*\(unix seconds/],
    ['time,v\n60,#DIV/0!\n120,1\n', /error of a spreadsheet/],
    ['timestamp,value\n"Time","Value"\n2026-11-13 00:00,1\n', /line 2.*second header; remove the line above/],
    ['timestamp,value\n60,1,5\n', /line 2.*3 columns where the header has 2.*in quotes/],
    ['time,v\n60,"1\n120,2\n', /line 2.*a quote opens here and is never closed/],
    [
      'Requests per second\n\ntime,v\n60,1\n',
      /line 1.*header must be.*this line is one; remove what is above the header/,
    ],
    [
      'colour,v\nred,1\nblue,2\n',
      /header must be "timestamp,value" or name a column of times; the columns are "colour", "v"/,
    ],
    ['time,v\n60,1\n120,2\n', /--column: there is no column "vv"; did you mean "v"\?/, { column: 'vv' }],
    [
      'time,v\n60,1\n120,2\n',
      /--column: "time" is the column of the times; choose one of "v"/,
      { column: 'time' },
    ],
    ['{"status":"error","error":"parse error"}', /answered with an error: parse error/],
    ['{"data":{"resultType":"vector","result":[]}}', /answer of one moment \(vector\).*query_range/],
    ['{"data":{"resultType":"matrix","result":[]}}', /no series/],
    ['{"Datapoints":[]}', /JSON, but no answer of Prometheus' query_range/],
    ['{"status":', /looks like JSON and cannot be read/],
    [
      '{"data":{"resultType":"matrix","result":[{"metric":{},"values":[[60,"1"],[120,"+Inf"]]}]}}',
      /sample 2 "120, \+Inf".*infinite/,
    ],
  ])('%j', (text, message, options?: CsvOptions) => {
    refuses(text, message, options);
  });
});
