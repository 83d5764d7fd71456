import CData

/// What runs the shares of an experiment elsewhere, as texts to be kept and changed.
package enum ShardText {
    /// The driver for Dask: a program in Python.
    package static var daskDriver: String { String(cString: dask_shard_py()) }

    /// Returns an Indexed Job of Kubernetes, with a pod for each of `count` shares.
    ///
    /// The experiment is read from one volume claim and the parts are written to another; both stand at the end of the
    /// text, to be changed.
    package static func kubernetesJob(name: String, experiment: String, image: String, count: Int) -> String {
        let plain = String(name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        let path = experiment.hasPrefix("/") ? experiment : "/experiment/\(experiment)"
        return """
            # kubectl apply -f this file; when the Job is complete, copy the parts from the claim orrery-parts and
            # orrery shard \(experiment) --merge part-*.sqlite
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: orrery-\(plain.prefix(50))
            spec:
              completionMode: Indexed
              completions: \(count)
              parallelism: \(count)
              # A share whose pod is lost goes on where its file was.
              backoffLimitPerIndex: 3
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: orrery
                      image: \(quoted(image))
                      command:
                        - orrery
                        - shard
                        - \(quoted(path))
                        - --unit
                        - $(JOB_COMPLETION_INDEX)/\(count)
                        - --parallel
                        - "1"
                        - --output
                        - /parts/part-$(JOB_COMPLETION_INDEX).sqlite
                      resources: {requests: {cpu: "1", memory: 512Mi}}
                      volumeMounts:
                        - {name: experiment, mountPath: /experiment, readOnly: true}
                        - {name: parts, mountPath: /parts}
                  volumes:
                    - name: experiment
                      persistentVolumeClaim: {claimName: orrery-experiment, readOnly: true}
                    - name: parts
                      persistentVolumeClaim: {claimName: orrery-parts}

            """
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
