import Chronology
import KubernetesAPI

// The form is that of OpenDC's traces: tasks.csv, and optionally topology.json.

/// Batch jobs of a cluster (SURF Lisa, as OpenDC publishes them) as Jobs that arrive by a trace.
///
/// A task has an id, when it was submitted and how long it ran (milliseconds), cores, and memory (MB). The machines are
/// those of the topology, if it is named; else there are as many as hold every task of the busiest time at once.
enum SurfLisaTrace: TraceFormat {
    static let name = "surf-lisa"
    static let summary = "batch jobs as OpenDC has them: tasks.csv [topology.json]; makes Jobs that arrive by a trace"
    private static let columns = ["id", "submission_time", "duration", "cpu_count", "mem_capacity"]

    /// One line.
    private struct Task {
        var id: String
        var submitted: Int64
        var duration: Int64
        var cores: Int64
        var memory: Int64
    }

    /// A machine of a topology.
    private struct Host {
        var cores: Int64
        /// In MB.
        var memory: Int64
        var count: Int64
    }

    static func convert(_ source: TraceSource, _ options: ImportOptions, into folder: ScenarioFolder) {
        guard let paths = source.paths(1...2, expected: "tasks.csv, and topology.json if there is one") else { return }
        var first = Int64.max
        var last = Int64.min
        var lines: [String: Int] = [:]
        tasks(source, paths[0]) { task, line in
            if let earlier = lines.updateValue(line, forKey: task.id) {
                return source.fail(
                    paths[0], line: line, "the task \"\(task.id)\" stands in line \(earlier) already")
            }
            first = min(first, task.submitted)
            last = max(last, task.submitted + 1)
        }
        let topology = paths.count == 2 ? hosts(source, paths[1]) : []
        if topology.count > 1, options.machines != nil {
            source.fail(
                paths[1], line: 1, "the topology has machines of \(topology.count) sizes",
                expected: "no --machines, which says nothing of sizes")
        }
        guard !source.hasErrors else { return }
        guard first < last else { return source.fail("there is no task in it") }
        guard let window = TraceWindow(first: first, last: last, options, source) else { return }

        folder.append("time,name,count,cpu,memory,runtime\n", to: "jobs.csv")
        var number: Int64 = 0
        var (end, jobs, largest) = (window.from, Int64(0), Host(cores: 1, memory: 1, count: 0))
        // Cores in use change at the beginnings and ends of tasks: what is kept is one entry for each hour.
        var load: [Int64: Int64] = [:]
        tasks(source, paths[0]) { task, _ in
            guard task.submitted >= window.from, task.submitted < window.until else { return }
            let copies = options.copies(ofNumber: number)
            number += 1
            guard copies > 0 else { return }
            let seconds = "\(Duration.milliseconds(task.duration))"
            let time = window.text(task.submitted)
            folder.append(
                "\(time),task-\(task.id),\(copies),\(task.cores),\(task.memory)M,\(seconds)\n", to: "jobs.csv")
            jobs += copies
            end = max(end, task.submitted + task.duration)
            largest.cores = max(largest.cores, task.cores)
            largest.memory = max(largest.memory, task.memory)
            let hours = (task.submitted / 3_600_000)...((task.submitted + task.duration) / 3_600_000)
            for hour in hours.prefix(24 * 366) { load[hour, default: 0] += task.cores * copies }
        }
        guard jobs > 0 else { return source.fail("the share of --scale leaves no job") }
        let hosts = needed(topology, cores: load.values.max() ?? largest.cores, largest, options)
        write(
            folder, source, window: window, hosts: hosts,
            duration: ScenarioText.duration(milliseconds: end - window.from + 3_600_000, unit: .hours(1)), jobs: jobs)
    }

    /// Returns the machines of the topology, or as many of the largest tasks' size as keep `cores` busy.
    private static func needed(
        _ topology: [Host], cores: Int64, _ largest: Host, _ options: ImportOptions
    ) -> [Host] {
        if topology.count > 1 { return topology }
        var host = topology.first ?? largest
        let all = topology.isEmpty ? (cores + host.cores - 1) / host.cores : host.count
        host.count = options.machines ?? all
        return [host]
    }

    // MARK: - Reading

    private static func tasks(_ source: TraceSource, _ path: String, _ body: (Task, Int) -> Void) {
        source.rows(of: path, columns: columns) { fields, line in
            var numbers: [Int64] = []
            for (column, field) in zip(columns, fields).dropFirst() {
                // Some publish whole numbers with decimals.
                guard let number = Int64(field) ?? Double(field).flatMap({ Int64(exactly: $0.rounded()) }), number >= 0
                else {
                    return source.fail(path, line: line, "\(column): \"\(field)\" is no number")
                }
                numbers.append(number)
            }
            guard NameRules.isDNSLabel("task-" + fields[0]) else {
                return source.fail(path, line: line, "id: \"\(fields[0])\" cannot be part of a name")
            }
            guard numbers[2] > 0, numbers[2] <= 100_000, numbers[3] <= 1_000_000_000 else {
                return source.fail(path, line: line, "the task asks for \(numbers[2]) cores and \(numbers[3]) MB")
            }
            guard numbers[0] < 1 << 43, numbers[1] < 1 << 42 else {
                return source.fail(path, line: line, "the times are no milliseconds")
            }
            body(
                Task(
                    id: fields[0], submitted: numbers[0], duration: max(1, numbers[1]), cores: numbers[2],
                    memory: max(1, numbers[3])), line)
        }
    }

    private static func hosts(_ source: TraceSource, _ path: String) -> [Host] {
        guard let text = source.text(of: path) else { return [] }
        let trees = ManifestParser.parse(text, file: path, diagnostics: source.diagnostics)
        var hosts: [Host] = []
        for cluster in trees.first?["clusters"]?.elements ?? [] {
            for host in cluster["hosts"]?.elements ?? [] {
                func number(_ tree: ManifestTree?) -> Int64? {
                    guard let tree, case .scalar(.integer(let text)) = tree.value else { return nil }
                    return Int64(text)
                }
                guard let cores = number(host["cpu"]?["coreCount"]), let memory = number(host["memory"]?["memorySize"]),
                    (1...100_000).contains(cores), (1...1_000_000_000).contains(memory)
                else {
                    source.fail(
                        path, line: host.position.line, "the host says nothing of its size",
                        expected: "cpu.coreCount and memory.memorySize")
                    continue
                }
                guard let count = host["count"] == nil ? 1 : number(host["count"]), (1...100_000).contains(count) else {
                    source.fail(
                        path, line: host.position.line, "the host's count is no number of machines",
                        expected: "a whole number from 1 to 100000, or none for 1")
                    continue
                }
                if let place = hosts.firstIndex(where: { $0.cores == cores && $0.memory == memory }) {
                    hosts[place].count += count
                } else {
                    hosts.append(Host(cores: cores, memory: memory, count: count))
                }
            }
        }
        if hosts.isEmpty, !source.hasErrors { source.fail(path, line: 1, "there is no host in it") }
        let all = hosts.reduce(0) { $0 + $1.count }
        if all > 100_000 { source.fail(path, line: 1, "there are \(all) machines in it", expected: "at most 100000") }
        return hosts
    }

    // MARK: - Writing

    private static func write(
        _ folder: ScenarioFolder, _ source: TraceSource, window: TraceWindow, hosts: [Host],
        duration: Duration, jobs: Int64
    ) {
        var scenario = ScenarioText(
            name: name, title: "\(jobs) batch jobs by a trace",
            description: "Each line of jobs.csv is a Job of one pod that runs as long as its task did.",
            start: window.start, duration: duration, sources: source.paths.map(TraceSource.base))
        let numbered = hosts.enumerated().map { (end: hosts.count > 1 ? "-\($0 + 1)" : "", host: $1) }
        scenario.lines = ["machineTypes:"]
        scenario.lines += numbered.map {
            "  - {name: host\($0.end), cpu: \($0.host.cores), memory: \($0.host.memory)M, pods: 110, reservation: none}"
        }
        scenario.lines.append("pools:")
        scenario.lines += numbered.map { end, host in
            "  - {name: hosts\(end), machineType: host\(end), count: \(host.count)}"
        }
        scenario.lines += ["arrivals:", "  - {name: task, template: templates/task.yaml, trace: jobs.csv}"]
        folder.write("scenario.yaml", scenario.yaml)
        folder.write(
            "templates/task.yaml",
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: task}
            spec:
              backoffLimit: 6
              ttlSecondsAfterFinished: 3600
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: task
                      image: trace/task:1
                      resources: {requests: {cpu: "1", memory: 1Gi}}

            """)
    }
}
