package report

// style is the whole style sheet. Its hash stands in the document's policy of content, so nothing in the
// document may carry style of its own.
const style = `:root{color-scheme:light dark;--ink:#1d2126;--soft:#57606a;--paper:#fff;--raised:#f5f7f9;--rule:#d3d9e0;--link:#0b5cad;--note:#0b61a4;--warning:#8a5a00;--caution:#b42318;--pass:#19692c}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e4e8ed;--soft:#a3acb8;--paper:#16191d;--raised:#1f242a;--rule:#3a414a;--link:#7bbcff;--note:#6db9f5;--warning:#e3b341;--caution:#ff8a80;--pass:#6fd08c}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:72rem;padding:1rem clamp(.6rem,3vw,2rem) 3rem;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0 1rem}
h2{font-size:1.3rem;line-height:1.3;margin:2.2rem 0 .6rem;padding-bottom:.25rem;border-bottom:1px solid var(--rule)}
h3{font-size:1.1rem;margin:1.8rem 0 .5rem}
h4,h5,h6{font-size:1rem;margin:1.2rem 0 .4rem}
p{margin:.6rem 0}p,li{max-width:60rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
main:focus{outline:none}
.skip{position:absolute;left:-100vw}.skip:focus{position:static;display:inline-block;padding:.4rem 0}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:0 0 1rem;padding:0;font-size:.9rem}
code,pre{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{background:var(--raised);border-radius:3px;padding:.1em .3em}
pre{background:var(--raised);border:1px solid var(--rule);border-radius:6px;padding:.75rem;overflow-x:auto;overflow-wrap:normal}
pre code{background:none;padding:0}
.wide{overflow-x:auto;margin:.8rem 0}
main>table{display:block;max-width:100%;overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;min-width:100%}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{border:1px solid var(--rule);padding:.4rem .6rem;text-align:left;vertical-align:top;overflow-wrap:break-word;min-width:5rem;max-width:26rem}
thead th{background:var(--raised);white-space:nowrap}
tbody th{font-weight:600}
@media screen and (max-width:40rem){table{width:max-content}th,td{max-width:16rem}}
details{margin:.7rem 0;border:1px solid var(--rule);border-radius:6px;padding:.1rem .8rem}
summary{cursor:pointer;font-weight:600;padding:.35rem 0}
.alert{border:1px solid var(--rule);border-left:.35rem solid var(--note);border-radius:4px;padding:.1rem .9rem;margin:1rem 0;background:var(--raised)}
.alert.warning{border-left-color:var(--warning)}.alert.caution{border-left-color:var(--caution)}
.alert strong{color:var(--note)}.alert.warning strong{color:var(--warning)}.alert.caution strong{color:var(--caution)}
.banner{border:2px solid var(--warning);border-left-width:.6rem;border-radius:6px;background:var(--raised);padding:.8rem 1rem;font-size:1.1rem;break-inside:avoid}
.banner strong{color:var(--warning);margin-right:.4rem;white-space:nowrap}.banner.pass{border-color:var(--pass)}.banner.pass strong{color:var(--pass)}.banner.fail{border-color:var(--caution)}.banner.fail strong{color:var(--caution)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1.2rem;margin:.8rem 0}
figure{margin:0;max-width:32rem;break-inside:avoid}
figcaption{font-weight:600;font-size:.95rem;margin-bottom:.3rem}
.seen{color:var(--soft);font-size:.85rem;margin:.3rem 0 0}
footer{margin-top:2.5rem;border-top:1px solid var(--rule);color:var(--soft);font-size:.85rem}
@media print{body{max-width:none;padding:0;font-size:10pt}nav,.skip{display:none}.wide,pre{overflow:visible}pre{white-space:pre-wrap}thead{display:table-header-group}tr,.alert{break-inside:avoid}h2,h3,h4,summary{break-after:avoid}th,td{min-width:0}a{color:inherit}details::details-content{content-visibility:visible;display:block;height:auto}}
` + chartStyle
