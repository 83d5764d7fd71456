import Chronology
import KubernetesAPI

// The form is that of OpenDC's traces: tasks.csv with the machines, fragments.csv with what they used.

/// Virtual machines of a data centre (Bitbrains, as OpenDC publishes them), with what they used against what they had.
///
/// A line of tasks.csv is a virtual machine: an id, when it came and how long it stayed (milliseconds), its virtual CPUs,
/// their speed together (MHz), its memory (KiB). A line of fragments.csv says how much of the speed it used (MHz), and for
/// how long; the lines of one machine follow each other in time.
enum BitbrainsTrace: TraceFormat {
    static let name = "bitbrains"
    static let summary =
        "virtual machines as OpenDC has them: tasks.csv fragments.csv; makes a Job with a usage curve of each"
    private static let taskColumns = ["id", "submission_time", "duration", "cpu_count", "cpu_capacity", "mem_capacity"]
    private static let fragmentColumns = ["id", "duration", "cpu_usage"]
    /// What the cores of the hosts can be asked for, of 16 (the rest is the kubelet's), and their memory in KiB.
    private static let host = (type: "m6i.4xlarge", cores: Int64(15), memory: Int64(56) << 20)

    private struct Machine {
        var id: String
        var begin: Int64
        var end: Int64
        var cores: Int64
        /// MHz of all cores.
        var speed: Double
        /// In KiB.
        var memory: Int64
        /// How far the fragments have got.
        var reached: Int64
        var lastValue: Int64 = -1
        /// Where it stands in tasks.csv.
        var line: Int
    }

    /// What tasks.csv holds.
    private struct Fleet {
        /// Those that are taken.
        var machines: [Machine] = []
        /// The lines of all of them, by id.
        var lines: [String: Int] = [:]
    }

    static func convert(_ source: TraceSource, _ options: ImportOptions, into folder: ScenarioFolder) {
        guard let paths = source.paths(2...2, expected: "tasks.csv and fragments.csv") else { return }
        let fleet = self.fleet(source, paths[0], options)
        var machines = fleet.machines
        guard !source.hasErrors else { return }
        guard let first = machines.map(\.begin).min(), let last = machines.map(\.end).max() else {
            return source.fail("there is no machine in it, or the share of --scale leaves none")
        }
        guard let window = TraceWindow(first: first, last: last, options, source) else { return }
        machines.removeAll { $0.end <= window.from || $0.begin >= window.until }
        guard !machines.isEmpty else { return source.fail("no machine ran between --from and --until") }
        writeUsage(source, paths[1], &machines, of: fleet, window, folder)
        guard !source.hasErrors else { return }
        for machine in machines where machine.reached == machine.begin {
            source.warn(paths[0], line: machine.line, "the machine has no fragment: it is taken to use nothing")
        }

        folder.append("time,name,cpu,memory,runtime\n", to: "machines.csv")
        for machine in machines {
            let begin = max(machine.begin, window.from)
            let length = Duration.milliseconds(min(machine.end, window.until) - begin)
            folder.append(
                "\(window.text(begin)),vm-\(machine.id),\(machine.cores),\(machine.memory)Ki,\(length)\n",
                to: "machines.csv")
        }
        write(folder, source, machines, window, options)
    }

    // MARK: - Reading

    private static func fleet(_ source: TraceSource, _ path: String, _ options: ImportOptions) -> Fleet {
        var fleet = Fleet()
        var number: Int64 = 0
        source.rows(of: path, columns: taskColumns) { fields, line in
            guard NameRules.isDNSLabel("vm-" + fields[0]) else {
                return source.fail(path, line: line, "id: \"\(fields[0])\" cannot be part of a name")
            }
            if let first = fleet.lines.updateValue(line, forKey: fields[0]) {
                return source.fail(path, line: line, "the machine \"\(fields[0])\" stands in line \(first) already")
            }
            var numbers: [Double] = []
            for (column, field) in zip(taskColumns, fields).dropFirst() {
                guard let value = Double(field), value.isFinite, value >= 0, value < 0x1p53 else {
                    return source.fail(path, line: line, "\(column): \"\(field)\" is no number")
                }
                numbers.append(value)
            }
            guard numbers[0] < 0x1p43, numbers[1] < 0x1p42 else {
                return source.fail(path, line: line, "the times are no milliseconds")
            }
            guard numbers[2] >= 1, numbers[2] <= 10_000, numbers[3] > 0 else {
                return source.fail(path, line: line, "the machine has no processor")
            }
            // A machine is taken once or not at all: two of one name would share their curve.
            defer { number += 1 }
            guard options.copies(ofNumber: number) > 0 else { return }
            let begin = Int64(numbers[0])
            fleet.machines.append(
                Machine(
                    id: fields[0], begin: begin, end: begin + max(1, Int64(numbers[1])), cores: Int64(numbers[2]),
                    speed: numbers[3], memory: max(1, Int64(numbers[4])), reached: begin, line: line))
        }
        return fleet
    }

    private static func writeUsage(
        _ source: TraceSource, _ path: String, _ machines: inout [Machine], of fleet: Fleet,
        _ window: TraceWindow, _ folder: ScenarioFolder
    ) {
        var places: [String: Int] = [:]
        for (place, machine) in machines.enumerated() {
            places[machine.id] = place
            folder.append("time,value\n", to: "usage/vm-\(machine.id).csv")
        }
        source.rows(of: path, columns: fragmentColumns) { fields, line in
            guard let length = Double(fields[1]), length.isFinite, length >= 0, length < 0x1p42 else {
                return source.fail(path, line: line, "duration: \"\(fields[1])\" is no number of milliseconds")
            }
            guard let usage = Double(fields[2]), usage.isFinite, usage >= 0, usage < 0x1p40 else {
                return source.fail(path, line: line, "cpu_usage: \"\(fields[2])\" is no number of MHz")
            }
            guard let place = places[fields[0]] else {
                if fleet.lines[fields[0]] == nil {
                    source.warn(path, line: line, "no machine has the fragment's id: it is left out")
                }
                return
            }
            let machine = machines[place]
            let (begin, end) = (machine.reached, machine.reached + Int64(length))
            machines[place].reached = end
            guard end > window.from, begin < min(machine.end, window.until) else { return }
            let used = (usage / machine.speed * Double(machine.cores) * 1_000).rounded()
            guard used <= Double(ValueBounds.milliCPU) else {
                return source.fail(path, line: line, "\(fields[2]) MHz are more than a million of its processors")
            }
            let value = Int64(used)
            guard value != machine.lastValue else { return }
            machines[place].lastValue = value
            folder.append("\(window.text(max(begin, window.from))),\(value)\n", to: "usage/vm-\(machine.id).csv")
        }
        // A curve needs a value.
        for machine in machines where machine.lastValue < 0 {
            folder.append("0,0\n", to: "usage/vm-\(machine.id).csv")
        }
    }

    // MARK: - Writing

    private static func write(
        _ folder: ScenarioFolder, _ source: TraceSource, _ machines: [Machine], _ window: TraceWindow,
        _ options: ImportOptions
    ) {
        let cores = machines.reduce(0) { $0 + $1.cores }
        let memory = machines.reduce(0) { $0 + $1.memory }
        // A machine that fits on no host of the usual size needs a larger one.
        let largest = machines.map { max($0.cores, ($0.memory >> 20) / 4 + 1) }.max() ?? 1
        let factor = max(1, (largest + host.cores - 1) / host.cores)
        let hosts = max(
            (cores + host.cores * factor - 1) / (host.cores * factor),
            (memory + host.memory * factor - 1) / (host.memory * factor))
        let type = factor == 1 ? host.type : "host"
        var scenario = ScenarioText(
            name: name, title: "\(machines.count) virtual machines, and what they really used",
            description: "Each line of machines.csv is a Job that stands for a virtual machine; usage/ has its CPU.",
            start: window.start,
            duration: ScenarioText.duration(milliseconds: window.until - window.from, unit: .minutes(1)),
            sources: source.paths.map(TraceSource.base))
        if factor > 1 {
            scenario.lines += [
                "machineTypes:",
                "  - {name: host, cpu: \(16 * factor), memory: \(64 * factor)Gi, pods: 110, reservation: kubelet}",
            ]
        }
        scenario.lines += [
            "pools:",
            // A tenth more: large machines leave gaps.
            "  - {name: hosts, machineType: \(type), count: \(options.machines ?? hosts + (hosts + 9) / 10)}",
            "arrivals:", "  - {name: vm, template: templates/vm.yaml, trace: machines.csv}", "workloads:",
        ]
        for machine in machines {
            scenario.lines += [
                "  - match: {kind: Job, name: vm-\(machine.id)}",
                "    usage: {cpu: {csv: usage/vm-\(machine.id).csv, unit: millicores}}",
            ]
        }
        folder.write("scenario.yaml", scenario.yaml)
        folder.write(
            "templates/vm.yaml",
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: vm}
            spec:
              backoffLimit: 1000
              template:
                spec:
                  restartPolicy: OnFailure
                  containers:
                    - name: vm
                      image: trace/vm:1
                      resources: {requests: {cpu: "1", memory: 1Gi}}

            """)
    }
}
