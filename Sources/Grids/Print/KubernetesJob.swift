import BVAEPlatform

/// A manifest of an Indexed Job of Kubernetes (1.29 or later). It has an index for each task of the grid, for what is done
/// ends at once. Places that nobody but the cluster's user can fill in are marked.
struct KubernetesJob: TaskList {
  static let word = "kubernetes"

  static func lines(_ listing: TaskListing) -> [String] {
    let grid = listing.grid, threads = listing.threads ?? 1
    let command = #"exec "$0" --work "$1" --task $((JOB_COMPLETION_INDEX + 1)) --threads \#(threads)"#
    return """
      # \(counted(grid.count, "training")) of grid \(grid.name): kubectl apply -f FILE
      # Fill in what is marked: an image that holds the program, and a volume that holds the folder of the stored models.
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: bvae-\(grid.name)
      spec:
        completionMode: Indexed
        completions: \(grid.count)
        parallelism: \(min(listing.jobs ?? grid.count, grid.count))
        # Workers that were killed are begun again so often. Tasks that fail leave the others alone.
        backoffLimitPerIndex: 5
        maxFailedIndexes: \(grid.count)
        podFailurePolicy:
          rules:
          # 1 and 2: trying again would not help.
          - action: FailIndex
            onExitCodes:
              containerName: worker
              operator: In
              values: [1, 2]
          # 75: stopped with a checkpoint, which counts as no failure; nor does losing the node.
          - action: Ignore
            onExitCodes:
              containerName: worker
              operator: In
              values: [75]
          - action: Ignore
            onPodConditions:
            - type: DisruptionTarget
        template:
          spec:
            restartPolicy: Never
            terminationGracePeriodSeconds: 120
            containers:
            - name: worker
              image: IMAGE  # FILL IN: an image with bvae-script in it
              command:
              - sh
              - -c
              - \(command.jsonQuoted)
              - \(listing.program.jsonQuoted)  # FILL IN: where the program is in that image
              - \(grid.folder.jsonQuoted)
              resources:
                requests:
                  cpu: "\(threads)"
                  memory: 2Gi
              volumeMounts:
              - name: store
                mountPath: \(grid.store.jsonQuoted)
            volumes:
            - name: store
              persistentVolumeClaim:
                claimName: CLAIM  # FILL IN: a claim that all nodes can write to (ReadWriteMany)
      """.lines
  }
}
