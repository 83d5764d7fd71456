import Chronology
import KubernetesAPI

/// Requests counted in equal steps of time, and the scenario of a service that answers them.
///
/// Memory follows the number of steps, not of requests. The service is a Deployment whose pods, of a core each, share the
/// requests evenly; each request takes the same time of a processor, and waits in line for it.
struct RequestRates {
    /// Milliseconds since 1970 of the first step's beginning; a multiple of `step`.
    private(set) var first: Int64 = 0
    private var counts: [Int64] = []
    /// In milliseconds.
    let step: Int64
    /// The most steps that are kept: three years of minutes.
    private static let stepsMax: Int64 = 3 * 366 * 1_440

    init(step: Duration) { self.step = step.nanoseconds / 1_000_000 }

    /// Counts requests at a time; false when the time lies absurdly far from the others.
    mutating func add(_ count: Int64, at milliseconds: Int64) -> Bool {
        let place = milliseconds / step
        if counts.isEmpty { first = place * step }
        let offset = place - first / step
        guard abs(offset) < Self.stepsMax else { return false }
        if offset < 0 {
            guard Int64(counts.count) - offset < Self.stepsMax else { return false }
            counts.insert(contentsOf: repeatElement(0, count: Int(-offset)), at: 0)
            first = place * step
        }
        let index = Int(max(0, offset))
        while counts.count <= index { counts.append(0) }
        counts[index] = counts[index].addingReportingOverflow(count).partialValue
        return true
    }

    /// What is said of the service.
    struct Service {
        var name: String
        var title: String
        var cpuPerRequest: Duration
    }

    /// Writes the scenario; `step` is the resolution of its curves.
    func write(_ service: Service, _ source: TraceSource, _ options: ImportOptions, into folder: ScenarioFolder) {
        guard !counts.isEmpty else { return source.fail("there is no request in it") }
        guard let window = TraceWindow(first: first, last: first + Int64(counts.count) * step, options, source)
        else { return }
        let begin = Int((window.from - first) / step)
        let end = min(counts.count, Int((window.until - first + step - 1) / step))
        let taken = counts[begin..<end]
        let cost = Int128(service.cpuPerRequest.nanoseconds)
        /// Thousandths of a core that `count` requests in a step keep busy.
        func millicores(_ count: Int64) -> Int128 {
            Int128(count) * Int128(options.scalePermille) * cost / (Int128(step) * 1_000_000)
        }
        let peak = millicores(taken.max() ?? 0)
        // At the peak, pods of a core are busy to 70 %.
        let replicas = Int64(clamping: max(1, (peak + 699) / 700))
        guard replicas <= 100_000 else {
            return source.fail("the peak needs \(replicas) pods", expected: "a smaller --scale or --cpu-per-request")
        }
        folder.append("time,value\n", to: "requests.csv")
        var lastCount: Int64 = -1
        for place in taken.indices {
            let time = window.text(max(window.from, first + Int64(place) * step))
            if taken[place] != lastCount {
                lastCount = taken[place]
                folder.append("\(time),\(rate(lastCount, options))\n", to: "requests.csv")
            }
        }
        // The run is a little longer than the trace.
        if lastCount != 0 { folder.append("\(window.text(window.until)),0\n", to: "requests.csv") }
        writeManifests(service, source, options, window: window, replicas: replicas, folder)
    }

    /// Requests a second with up to three decimals, which is how curves have them, and rounded.
    private func rate(_ count: Int64, _ options: ImportOptions) -> String {
        let thousandths = (Int128(count) * Int128(options.scalePermille) * 1_000 + Int128(step) / 2) / Int128(step)
        let (whole, rest) = thousandths.quotientAndRemainder(dividingBy: 1_000)
        if rest == 0 { return "\(whole)" }
        var digits = String(1_000 + rest).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    private func writeManifests(
        _ service: Service, _ source: TraceSource, _ options: ImportOptions, window: TraceWindow, replicas: Int64,
        _ folder: ScenarioFolder
    ) {
        var scenario = ScenarioText(
            name: service.name, title: service.title,
            description: "requests.csv has the requests a second; each takes \(service.cpuPerRequest) of CPU.",
            start: window.start,
            duration: ScenarioText.duration(milliseconds: window.until - window.from, unit: .minutes(1)),
            sources: source.paths.map(TraceSource.base))
        // Fifteen of sixteen cores are left to pods.
        let machines = options.machines ?? (replicas + 14) / 15
        scenario.lines = [
            "pools:",
            "  - {name: general, machineType: m6i.4xlarge, count: \(machines)}",
            "services:",
            "  - name: server",
            "    match: {kind: Deployment, name: server}",
            "    traffic: {csv: requests.csv, unit: perSecond}",
            "    cpu: \(service.cpuPerRequest)",
        ]
        // Callers of long requests wait longer than those of short ones: thirty times the work.
        let patience = service.cpuPerRequest * 30
        if patience > .seconds(15) { scenario.lines.append("    timeout: \(patience)") }
        folder.write("scenario.yaml", scenario.yaml)
        folder.write(
            "manifests/server.yaml",
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: server}
            spec:
              replicas: \(replicas)
              selector: {matchLabels: {app: server}}
              template:
                metadata: {labels: {app: server}}
                spec:
                  containers:
                    - name: server
                      image: trace/server:1
                      resources: {requests: {cpu: 900m, memory: 1Gi}, limits: {cpu: "1"}}

            """)
    }

    // MARK: - Times

    /// Returns the milliseconds since 1970 of a time such as `1998-04-30 21:30:00`, in UTC.
    static func milliseconds(_ text: String) -> Int64? {
        let form = text.replacing(" ", with: "T")
        guard let time = try? UnixTime(parsing: form.hasSuffix("Z") ? form : form + "Z") else { return nil }
        return time.seconds * 1_000 + Int64(time.nanoseconds / 1_000_000)
    }
}
