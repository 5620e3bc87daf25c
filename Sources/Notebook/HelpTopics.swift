import BVAELanguage

/// The short pages of help on parts of the language and on working with it.
extension HelpTopic {
  /// Every topic, in the order in which help names them.
  package static let all: [HelpTopic] = [
    HelpTopic(
      "language", ["syntax", "statement", "statements", "script", "scripts"],
      """
      A statement is a line. It continues on the next after a \\ at its end, and
      inside ( ) and [ ] until they are closed.

        name = value            keeps a value, or what a command gives
        command value option N  runs a command; 'help commands' lists them
        if, for, define         blocks, up to their 'end'; each has a page
        include "other.bvs"     runs another script here
        | text                  prose for the report; see 'help prose'
        # text                  a comment

      There are pages on \(pageList).
      """),
    HelpTopic(
      "numbers", ["precision", "decimals", "infinity", "nan"],
      """
      Numbers are written 12, 0.5 and 5e-4; -3 with its sign.

      They are shown with as many digits as identify them uniquely:
      0.1 + 0.2 is 0.30000000000000004, which is not 0.3. Whole numbers are exact
      and shown in full up to 9007199254740992; beyond, digits are lost. Values
      of images and codes have 9 digits at most, for they are no more precise.
      Tables round their numbers.

      text(x, 2) writes x with two decimals, round(x, 2) is the number that this
      is. Both round what the number really is: 2.675 is stored as a little less
      and becomes 2.67. Halfway the even digit wins: round(2.5) is 2, as in Python.
      """),
    HelpTopic(
      "texts", ["string", "strings", "quotes", "interpolation", "escape", "escapes", "braces", "\""],
      """
      A text is written between " and ", on one line.

        "k is {k}"    {…} puts a value in
        "{x:.3}"      with three decimals; {x:.3g} three significant digits, {x:.1%}
                      in percent, {n:,} thousands apart, {x:8.2} at the right of
                      eight characters, {name:<8} at the left
        \\n  \\t        line break, tab
        \\"  \\\\        the characters " and \\
        \\{  \\}        the characters { and }
        "a" + "b"     joins texts; "n = " + 3 is "n = 3"
        x.count       how many characters x has

      text(x, 2) writes a number with two decimals, number("2.5") reads one.
      """),
    HelpTopic(
      "lists", ["index", "indexing", "indices", "element", "elements", "slice", "slices", "array", "arrays", "["],
      """
      A list stands in [ and ], over several lines if need be.

        x = [1, 7, 9]
        x[0], x[-1]      the first value; the last one
        x[0..1], x[1..]  the first two, as a list; all but the first
        x[[2, 0]]        those places, in this order
        x[x > 2]         those that are true: [7, 9]
        x.count          how many there are
        x * 2, x + y     value by value
        join(x, 4, y)    one behind the other; list(0..5) writes a range out

      Lists of equally long lists of numbers are arrays, as code.mean, which has a
      row for each image: m[0, 1] is the second number of the first row, m[.., 1]
      the second of each row. m - mean(m, 0) takes the mean of each column off it:
      shapes are held against each other from their ends, as in NumPy.

      x[0] = 5 sets a value, x[x > 2] = 0 several; another variable that was given
      the list keeps it as it was. [v * v for v in x if v > 1] makes a list of
      results; v in x asks whether it is there.
      == compares two lists as wholes and gives true or false; with a single value,
      and by < and >, a list is compared value by value. 'save' writes arrays as
      .npy. Datasets, codes, images and sweeps have elements, too.
      """),
    HelpTopic(
      "tables", ["columns", "rows", "record", "records", "csv", "group", "filter"],
      """
      A table has named columns; 'measure', 'interpret' and 'open "t.csv"' give one,
      and columns(…) makes one of lists.

        t = columns("digit", labels, "z0", z[.., 0])
        t["z0"], t[0].z0          a column, as a list; a cell of the first row
        t[["digit", "z0"]]        some of the columns
        t[t["digit"] == 3]        some of the rows; t[1..9] too
        t = columns(t, "far", abs(t["z0"]) > 1)      a column more
        arrange t by "z0"         sorts it; descending
        summarise t by "digit"    a row for each digit: count and means
        merge t with u on "digit" joins two by what a column has in both
        combine t, u              puts one below the other
        table t caption "Codes"   puts it into the report
        save t "t.csv"            'plot' draws it

      A row is a record: values under names. r = record("beta", 4) makes one, r.beta
      is 4, r.error = 12 adds one. columns([r, s]) makes a table of records, as those
      that a loop collects with rows = join(rows, record(…)).
      """),
    HelpTopic(
      "ranges", ["range", ".."],
      """
      0..9 goes from 0 to 9, both ends included; -0.5..2.5 is fine where no counting
      is needed. 'for' counts through a range in steps of 1, upward: 3..0 is empty.
      0..10 step 2, 3..0 step -1 and 0..1 step 0.25 are lists of numbers.
      x[2..4] takes three elements, 'classes 0..4' five classes, and 'range -3..3'
      of 'sweep' says from where to where a latent goes.
      """),
    HelpTopic(
      "operators",
      [
        "operator", "arithmetic", "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "comparison",
        "comparisons",
        "^", "**", "//", "mod", "div", "=",
      ],
      """
      Loosest first:

        or   and   not           truth values
        == != < <= > >= in       one comparison; true or false, of a list for each
        ..                       a range
        + -                      + joins texts as well
        * / %                    -1 % 12 is 11
        -                        before a value

      A minus with a blank before it and none behind it, x -1, subtracts and is
      warned of. Whole division is floor(a / b), a power pow(x, y). = sets a
      variable and stands in no expression.
      """),
    HelpTopic(
      "truth", ["true", "false", "boolean", "and", "or", "not", "condition", "conditions"],
      """
      true and false come from comparisons and go into 'if', 'and', 'or' and 'not'.
      'and' and 'or' look at what stands behind them only where that can matter:
      n > 0 and 1 / n > 2 divides by no 0. Numbers and texts are neither true nor
      false. The words 'true' and 'false' are values: done = false.

      x > 0 of a list is a list of truth values: x[x > 0 and x < 1] chooses by it,
      sum(x > 0) counts, all(x > 0) and any(x > 0) make one of it for 'if'.
      """),
    HelpTopic(
      "loops", ["loop", "repeat", "break", "continue", "in"],
      """
      'for' goes through a range, a list, or the images of a dataset; 'while' runs
      as long as a condition is true.

        for k in 0..9
          if k % 2 == 0
            continue
          end
          print k
        end

      'continue' goes on with the next value, 'break' leaves the loop. k keeps its
      last value behind it, as any variable that is set in it: a variable k of
      before is overwritten. Within a command of one's own ('help define')
      variables are its own. x += 1 is short for x = x + 1; so are -=, *= and /=.
      """),
    HelpTopic(
      "comments", ["comment", "remark", "remarks", "#"],
      """
      What stands behind # up to the end of its line is a comment, except in a text
      and in prose. A script may begin with #!/usr/bin/env bvae-script.
      """),
    HelpTopic(
      "paths", ["path", "~", "folder", "folders", "directory", "file", "files"],
      """
      A path is a text: load "images/cats", save model "out/{name}.safetensors".
      It is relative to the folder in which the program was started, that of
      'include' to the folder of the script. ~/ is the home folder and ~name/ that
      of a user. Missing folders are created by whatever writes into them. Tab
      completes paths.
      """),
    HelpTopic(
      "arguments", ["argument", "args", "argv", "--set"],
      """
      What stands behind the script's name is in the list 'arguments', as texts:
      in bvae-script run.bvs 20, arguments[0] is "20" and number(arguments[0]) 20.

      --set epochs=20 sets a variable against the script's own default: the first
      'epochs = …' that stands in no block is passed over. The value is written out,
      a number, range, list, true, false or text, of the sort that the script's is.
      """),
    HelpTopic(
      "checking", ["check", "--check", "mistake", "mistakes", "warning", "warnings"],
      """
      A script is checked as a whole before its first line runs, and --check does
      nothing else. What is found: words, names and options that there are not,
      values of the wrong kind or out of bounds as far as they are sure, endings of
      files that cannot be written so, files that are missing. A file that the script
      might write itself counts as there, wherever it does so: one in Figures may
      come from any 'figure'. What depends on data or on loops shows when it runs.
      """),
    HelpTopic("keys", ["key", "keyboard", "shortcut", "shortcuts", "editing"], PromptKey.page),
    HelpTopic(
      "prompt", ["_", "session", "ans", "paste", "suggestion", "suggestions"],
      """
      A value that stands alone on a line is shown, a figure or image as a picture.
      _ is the last value that was shown so, for the next line:

        search beta [1, 4] on ones
        table (_.runs)

      Some commands are for the prompt only: 'history', 'settings', 'cd', 'pwd', 'ls'
      and 'clear'; help explains each. A variable may have such a name. !ls -l hands
      a line to the shell, once 'set shell on' has allowed it.

      Grey text behind the cursor is how an earlier entry goes on, which Right takes,
      else what could be written there. 'help keys' lists the keys. Pasted lines run
      at Enter; prompts and answers that were copied along with them are left out.
      'save session "notes.bvs"' saves what was typed and worked as a script.
      """),
    HelpTopic(
      "plotting",
      [
        "plots", "chart", "charts", "graph", "graphs", "draw", "drawing", "pdf", "svg", "scatter", "histogram",
        "heatmap",
      ],
      """
        plot line X Y            curves; Y may be a list of several; margins, band
        plot scatter X Y by G    marks, coloured by label or number; images as marks
        plot histogram X by G    bins 30, density
        plot bars Y names N      in groups for a list of lists; margins
        plot heat M              a matrix; rows and columns name its cells
        plot box X by G          quartiles by group; plot strip shows every number
        plot grid [p, q]         several on a page; columns 2, shared
        plot HISTORY|TABLE       loss by epoch, bars of a table; [h, g] compares

      Options of all: title, subtitle, xlabel, ylabel, xlimits -3..3, ylimits 0..1,
      logarithmic, xlogarithmic, size [760, 460], theme dark.

      z = (encode model tests).mean
      p = plot scatter z[.., 0] z[.., 1] by tests.labels
      show p                     in the terminal, as on a line of its own
      figure p caption "Codes"   into the report; "codes.svg" as vectors
      save p "codes.pdf"         as .png, .svg or .pdf

      'sheet' arranges images and sweeps, 'diagram' draws a model, layer by layer.
      """),
    HelpTopic(
      "grids",
      [
        "--engine", "engine", "engines", "--jobs", "--detach", "--grid", "--work", "slurm", "ssh", "cluster", "condor",
        "htcondor", "kubernetes", "snakemake", "parallel",
      ],
      """
      The trainings of 'study' and 'search' can run in other processes, here or
      elsewhere. Models and tables are the same bits; the script says nothing of it,
      the shell does:

        bvae-script --jobs 4 a.bvs                   four processes here
        bvae-script --engine slurm a.bvs             job arrays of Slurm
        bvae-script --engine ssh --engine-options "alpha beta" a.bvs
        bvae-script --engine print a.bvs             a command for each training
        bvae-script --grid GRID                      done, running, failed, and why

      --engine-options hands words on: options of sbatch, options of ssh and machines,
      or the form of what is printed: parallel, htcondor, kubernetes or snakemake.
      --detach does not wait; the same script comes back and hands over only what is
      missing. Ctrl-C leaves trainings in Slurm's queue, a second one takes them out,
      as --grid GRID --cancel does; --retry lets failed ones be tried again.

      All machines share the folder of the models, 'bvae-script store' says which,
      and have this program. bvae-script --work GRID --task 3 does one training and
      ends with 0 done, 1 failed, 2 not for this program or machine, 75 stopped with
      a checkpoint, to be begun again.
      """),
    HelpTopic(
      "colors", ["color", "colour", "colours", "NO_COLOR", "no_color"],
      """
      NO_COLOR in the environment leaves the terminal's colours away. 'set pictures'
      says how pictures are shown: auto asks the terminal, off shows none. Images
      have 1 plane of grey or 3 of red, green and blue; 'load … planes 1' makes grey
      of colour.
      """),
  ]

  private static let pageList =
    "commands, expressions, functions, prose, settings and\nvalues, and on the topics numbers, texts, lists, tables,\n"
    + "ranges, operators, truth, loops, comments, paths, arguments, checking, keys,\n"
    + "prompt, plotting, grids and colors"
}
