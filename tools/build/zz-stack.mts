import { bundle } from './bundle.js';
import { minify } from 'terser';
import { writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { encodeMessage } from '../../protocol/host.js';
import { wrap, unsealed } from '../../protocol/envelope.js';
import { hostBytes } from '../../protocol/bytes.js';
import { packRecord } from '../../protocol/record.js';
import * as zlib from 'node:zlib';
const crc = (s: string): number => { let c = ~0; for (const b of Buffer.from(s, 'latin1')) { c ^= b; for (let i = 0; i < 8; i++) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0); } return ~c >>> 0; };
const settings = { unitId: 'FE-1', callSign: 'FE1', kind: 1, host: '10.0.0.1', port: 1883, user: '', password: '', ssid: 'x', wifiPassword: '' };
const rec = packRecord(1, JSON.stringify(settings), crc);
const now = Date.now();
const u16 = (n: number): string => String.fromCharCode(n >> 8, n & 255);
const pub = (topic: string, id: number, name: string, m: object): string => {
  const body = encodeMessage(name, m); const payload = wrap(hostBytes, unsealed, topic, 1, id, body);
  const rest = u16(topic.length) + topic + u16(id) + payload; let n = rest.length, head = '\x32';
  do { head += String.fromCharCode((n & 127) + (n > 127 ? 128 : 0)); n >>= 7; } while (n);
  return head + rest;
};
const disp = (i: number) => pub('cr/1/unit/FE-1/down', i, 'dispatch', { dispatchId: i, category: 1, expiresAt: now + 600000, issuedAt: now, latitudeE7: 515000000, longitudeE7: -1000000, ambulanceReference: 'LAS-1', address: '1 High Street', note: 'n' });
const q = (s: string): string => '"' + [...s].map((c) => '\\x' + c.charCodeAt(0).toString(16).padStart(2, '0')).join('') + '"';
const made = await bundle('/work/main/build/firmware/espruino/main.js');
const base = { ecma: 5 as const, passes: 2, hoist_props: true, hoist_funs: false, hoist_vars: false, reduce_funcs: false, typeofs: false, switches: false };
const variants: Record<string, object | null> = { current: {}, 'no collapse': { collapse_vars: false }, 'no cond': { conditionals: false }, 'no ifret': { if_return: false }, 'no seq': { sequences: false }, 'no inline': { inline: false },
 'cond+collapse': { conditionals: false, collapse_vars: false }, 'cond+collapse+ifret': { conditionals: false, collapse_vars: false, if_return: false }, 'all + no seq': { conditionals: false, collapse_vars: false, if_return: false, sequences: false }, 'mangle only': { defaults: false }, 'readable': null, 'rf on': { reduce_funcs: true } };
const only = process.argv.slice(2);
async function run(code: string, stack: number): Promise<string> {
  const js = `
var W=[],H={},SH={},FILES={};
function require(n){ if(n=="Storage")return{read:function(x){return FILES[x];},write:function(x,b){FILES[x]=b;return true;}}; if(n=="Wifi")return{connect:function(s,o,c){},getIP:function(){return{ip:"1.2.3.4"};}}; if(n=="TelnetServer")return{setOptions:function(){}}; if(n=="net")return{connect:function(o,c){ CB=c; return {on:function(e,f){SH[e]=f;},write:function(b){W.push(b.length);},end:function(){}}; }}; }
var CB; var Serial2={setup:function(){},on:function(){}}; E.setConsole=function(){}; E.enableWatchdog=function(){}; E.kickWatchdog=function(){};
FILES["unit.0"]=${q(rec)};
${code}
var DONE=0;
function nest(n){ if(n>0) nest(n-1); else { SH.data(PKT); DONE=1; } }
var PKT;
setTimeout(function(){ print("UNIT "+(unit?"yes":"no")); CB(); },1500);
setTimeout(function(){ SH.data("\\x20\\x02\\x00\\x00"); },1600);
setTimeout(function(){ print("w"+W); SH.data("\\x90\\x04\\x00\\x01\\x01\\x01"); print("w"+W); W=[]; },1700);
setTimeout(function(){ PKT=${q(disp(5))}; nest(0); },1900);
setTimeout(function(){ print("RESULT "+DONE+" writes "+W+" free "+process.memory().free+" "+E.getErrorFlags()); quit(); },2100);
`;
  writeFileSync(`/tmp/stk/t.js`, js);
  return await new Promise((res) => {
    const p = spawn('/opt/espruino/espruino-esp32', ['/tmp/stk/t.js'], { cwd: '/tmp/stk', env: { ...process.env, ESPRUINO_VARS: '16000', ESPRUINO_STACK: String(stack) }, stdio: ['pipe', 'pipe', 'pipe'] });
    let out = ''; p.stdout.on('data', (d) => (out += d)); p.stderr.on('data', (d) => (out += d));
    const t = setTimeout(() => p.kill('SIGKILL'), 5000);
    p.on('close', () => { clearTimeout(t); res(out); });
  });
}
for (const [name, c] of Object.entries(variants)) {
  if (only.length && !only.includes(name)) continue;
  const code = c === null ? made.readable : (await minify(made.readable, { ecma: 5, mangle: true, compress: { ...base, ...c }, format: { ecma: 5, ascii_only: true, comments: false } })).code!;
  const first = await run(code, 60000);
  const info = first.split('\n').filter((l) => /UNIT|RESULT|^w|rror|FATAL/.test(l)).join(' | ');
  let lo = 4000, hi = 60000;
  if (/RESULT 1/.test(first)) while (hi - lo > 150) { const mid = (lo + hi) >> 1; if (/RESULT 1 writes \d+,\d+/.test(await run(code, mid))) hi = mid; else lo = mid; }
  let lo2 = 4000, hi2 = hi; while (hi2 - lo2 > 150) { const mid = (lo2 + hi2) >> 1; if (/w71,47,94,70/.test(await run(code, mid))) hi2 = mid; else lo2 = mid; }
  console.log(name.padEnd(22), code.length, 'stack needed', hi, 'start-up+connect alone', hi2, name === 'current' || only.length ? info.slice(0, 500) : '');
}
