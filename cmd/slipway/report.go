package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/pipelinereport"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/runner"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// reportUsage explains the command. It is no action: it decides nothing, and reads what the actions left.
const reportUsage = `Usage: slipway report [--output report.html] [--title text] [--stages list] [file or pattern …]

Make one page from the result documents of a pipeline: what changes, what the scan found, what was decided,
how the deployment did, and when. Without files it takes .slipway/*.json.

  --output (default report.html)
      Where the page is written. It needs nothing besides itself.
  --title
      What stands on top. Default: the repository and the version.
  --stages (default version-bump,changelog,security-gate,go-no-go,deploy-verify)
      The actions that this pipeline has. A page that lacks a result of one of them is not green.

Exit codes: 0 the page is written, whatever it says · 2 a file or flag is wrong · 3 it could not be written.
`

// reportFlags are what the command is told.
type reportFlags struct {
	output, title string
	stages        []string
	files         []string
}

// reportPipeline writes the page.
func reportPipeline(args []string, p process) int {
	fail := func(code int, format string, args ...any) int {
		fmt.Fprintln(p.stderr, runner.Harmless(fmt.Sprintf("slipway report: "+format, args...)))
		return code
	}
	told, err := readReportFlags(args)
	if errors.Is(err, flag.ErrHelp) {
		io.WriteString(p.stdout, reportUsage)
		return exitPass
	}
	if err != nil {
		return fail(exitCaller, "%v. `slipway report --help` lists the flags.", err)
	}
	read, err := readDocuments(told.files)
	if err != nil {
		return fail(exitCaller, "%v", err)
	}
	if err := read.spares(told.output); err != nil {
		return fail(exitCaller, "%v", err)
	}
	made := pipelinereport.Pipeline{
		Title: told.title, Sources: read.sources, Aside: read.aside, Stages: told.stages, Tool: toolVersion(), Made: time.Now(),
	}.Page()
	if code, err := writePage(told.output, made.Page.HTML(made.Title, made.About)); err != nil {
		return fail(code, "--output %s: %v", told.output, err)
	}
	for _, a := range read.aside {
		fmt.Fprintln(p.stderr, runner.Harmless(fmt.Sprintf("slipway report: %s is left aside: %s", a.Path, a.Why)))
	}
	fmt.Fprintln(p.stdout, runner.Harmless(fmt.Sprintf("%s: %s, from %s.", told.output, spoken[made.Verdict], report.Count(len(read.sources), "result document"))))
	return exitPass
}

var spoken = map[verdict.Verdict]string{verdict.Pass: "all of it passes", verdict.Fail: "not all of it passes", verdict.Unknown: "it is not known whether all of it passes"}

func readReportFlags(args []string) (reportFlags, error) {
	told := reportFlags{stages: pipelinereport.Stages}
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&told.output, "output", "report.html", "")
	flags.StringVar(&told.title, "title", "", "")
	stages := flags.String("stages", "", "")
	for {
		if err := flags.Parse(args); err != nil {
			return told, err
		}
		if flags.NArg() == 0 {
			break
		}
		told.files, args = append(told.files, flags.Arg(0)), flags.Args()[1:]
	}
	if told.files == nil {
		told.files = []string{".slipway/*.json"}
	}
	if told.output == "" {
		return told, errors.New("flag --output is empty; name the file that the page is written to, such as report.html")
	}
	told.title = report.Clip(strings.TrimSpace(told.title), 200)
	if *stages == "" {
		return told, nil
	}
	told.stages = nil
	for stage := range strings.SplitSeq(*stages, ",") {
		stage = strings.TrimSpace(stage)
		if !slices.Contains(pipelinereport.Stages, stage) {
			return told, fmt.Errorf("flag --stages names %q; allowed, with commas between them: %s", stage, strings.Join(pipelinereport.Stages, ", "))
		}
		told.stages = append(told.stages, stage)
	}
	return told, nil
}

// writePage replaces the page as a whole, or leaves what was there.
func writePage(path string, page []byte) (code int, err error) {
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return exitUndecided, err
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return exitCaller, fmt.Errorf("there is no folder %s; make it, or name a file in one that is there", filepath.Dir(path))
	}
	files, err := runner.OpenWorkspace(folder)
	if err != nil {
		return exitUndecided, err
	}
	defer files.Close()
	if _, err := files.Write(filepath.Base(path), page); err != nil {
		if errors.Is(err, runner.ErrNotRegular) {
			return exitCaller, fmt.Errorf("%w; name the file itself", err)
		}
		return exitUndecided, err
	}
	return exitPass, nil
}
