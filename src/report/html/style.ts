/** The look of a page: light, dark and paper; no font and no script is fetched. Colours are those of the console. */
export const style = `
:root{color-scheme:light dark;--page:#eff3f0;--surface:#fff;--ink:#182520;--soft:#495651;--line:#d6dcd9;--strong:#aab4af;--accent:#0d6848;--wash:#eef7f1;--good:#246e3a;--bad:#be222a;--open:#955e00;--series0:#0d6848;--series1:#df911a;--series2:#1e4798;--series3:#6fc6de;--series4:#c348a7;--series5:#7d8792}
@media (prefers-color-scheme:dark){:root{--page:#0c1615;--surface:#141e1d;--ink:#e7ede9;--soft:#b1bab5;--line:#2a3534;--strong:#4d5b5a;--accent:#68c79d;--wash:#17281f;--good:#73cb87;--bad:#fa706a;--open:#f2b458;--series0:#4ab689;--series1:#f9b73f;--series2:#4170cb;--series3:#93def4;--series4:#ea80ce;--series5:#89939e}}
*{box-sizing:border-box}
html{background:var(--page);-webkit-text-size-adjust:100%;scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;color:var(--ink);font:16px/1.6 Inter,"Segoe UI",system-ui,-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif;font-variant-numeric:tabular-nums lining-nums}
main{max-width:900px;margin:48px auto;padding:72px 80px 56px;background:var(--surface);border:1px solid var(--line);border-radius:6px}
header{border-bottom:2px solid var(--ink);padding-bottom:28px;margin-bottom:28px}
.overline{margin:0 0 10px;color:var(--accent);font-weight:600;letter-spacing:.01em}
h1{margin:0;font-size:38px;line-height:1.15;letter-spacing:-.02em;overflow-wrap:anywhere}
.subtitle{margin:8px 0 0;color:var(--soft);font-size:18px}
.badge{display:inline-block;margin:20px 0 0;padding:6px 14px;border:1.5px solid;border-radius:99px;font-weight:650}
.good{color:var(--good)}.bad{color:var(--bad)}.open{color:var(--open)}
.highlights{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:24px;margin:0 0 32px;padding:0}
.highlights div{border-top:1px solid var(--strong);padding-top:10px}
.highlights dt{color:var(--soft);font-size:14px;line-height:1.35}
.highlights dd{margin:4px 0 0;font-size:28px;font-weight:650;letter-spacing:-.015em;line-height:1.25}
.highlights dd small{font-size:15px;font-weight:500;color:var(--soft);letter-spacing:0}
.highlights p{margin:2px 0 0;color:var(--soft);font-size:13px;font-weight:400;letter-spacing:0;line-height:1.4}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:6px 28px;margin:0 0 32px}
.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}
nav{margin:0 0 8px;padding:14px 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
nav ol{display:flex;flex-wrap:wrap;gap:4px 26px;margin:0;padding:0;list-style:none}
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:3px}
a:focus-visible{outline:2px solid;outline-offset:2px}
section{margin-top:52px}
h2{margin:0 0 18px;font-size:24px;line-height:1.25;letter-spacing:-.01em}
p,ul{margin:0 0 14px;max-width:74ch;overflow-wrap:anywhere}
li{margin-bottom:6px}
figure{margin:26px 0 34px}
figcaption,caption{margin-bottom:12px;font-weight:650;text-align:left}
caption.said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
svg{display:block;width:100%;height:auto;font-family:inherit}
.scroll{overflow-x:auto;margin:26px 0 34px}
table{border-collapse:collapse;width:100%;font-size:14px;line-height:1.45}
th,td{padding:8px 18px 8px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);font-weight:400;overflow-wrap:break-word}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--soft);border-bottom:1.5px solid var(--ink);vertical-align:bottom}
thead small{display:block;font-size:12px}
thead th.end{white-space:normal}
.end{text-align:right;white-space:nowrap}
tr.total>*{font-weight:650;border-bottom:1.5px solid var(--ink)}
tr:target>*,figure:target,.scroll:target{background:var(--wash)}
.tablenote{margin:-22px 0 34px;color:var(--soft);font-size:13px}
aside{margin:22px 0;padding:14px 20px;border-left:4px solid;background:var(--wash)}
aside>*{color:var(--ink);margin:0}aside strong{display:block;margin-bottom:2px}
.unknown{color:var(--soft)}
.ways{color:var(--soft);font-size:12px;white-space:normal;display:block}
footer{margin-top:56px;padding-top:18px;border-top:1px solid var(--line);color:var(--soft);font-size:13px}
footer p{max-width:none}code{font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
@media (max-width:760px){main{margin:0;padding:32px 20px;border:0;border-radius:0}h1{font-size:30px}.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:10px}}
@page{size:A4;margin:20mm}
@media print{:root{color-scheme:light;--page:#fff;--surface:#fff;--ink:#182520;--soft:#495651;--line:#d6dcd9;--strong:#aab4af;--accent:#0d6848;--wash:#eef7f1;--good:#246e3a;--bad:#be222a;--open:#955e00;--series0:#0d6848;--series1:#df911a;--series2:#1e4798;--series3:#6fc6de;--series4:#c348a7;--series5:#7d8792}
body{font-size:10.5pt}main{max-width:none;margin:0;padding:0;border:0}nav{display:none}h2,figcaption,caption{break-after:avoid}tr,figure,aside{break-inside:avoid}thead{display:table-header-group}.scroll{overflow:visible}a{color:inherit;text-decoration:none}table{font-size:8.5pt}}
`
