import BVAEPlatform

/// A Snakefile: a job for each task, whose output is what was measured of the stored model, so that what is done is not
/// done again. Snakemake removes the output of a job that failed: the model itself is none.
struct Snakefile: TaskList {
  static let word = "snakemake"

  static func lines(_ listing: TaskListing) -> [String] {
    let threads = listing.threads ?? 1
    return """
      # \(counted(listing.tasks.count, "training")) of grid \(listing.grid.name): snakemake -s FILE --cores 8 --keep-going
      PROGRAM = \(listing.program.jsonQuoted)
      GRID = \(listing.grid.folder.jsonQuoted)
      RESULT = \((braced(listing.grid.store) + "/{result}").jsonQuoted)
      TASKS = {
      \(listing.tasks.map { "    \(($0.results.last ?? $0.key).jsonQuoted): \($0.number)," }.joined(separator: "\n"))
      }

      rule all:
          input:
              expand(RESULT, result=TASKS)

      rule training:
          output:
              RESULT
          wildcard_constraints:
              result="[a-z]*/?[0-9a-f]{16}[-.0-9a-z]*"
          params:
              program=PROGRAM,
              grid=GRID,
              task=lambda wildcards: TASKS[wildcards.result]
          threads: \(threads)
          resources:
              mem_mb=2000
          # A worker that was stopped or killed goes on from its checkpoint; one that has failed says so again at once.
          retries: 3
          shell:
              "{params.program:q} --work {params.grid:q} --task {params.task} --threads {threads}"
      """.lines
  }

  /// Braces stand for themselves where they are doubled.
  private static func braced(_ path: String) -> String {
    path.replacing("{", with: "{{").replacing("}", with: "}}")
  }
}
