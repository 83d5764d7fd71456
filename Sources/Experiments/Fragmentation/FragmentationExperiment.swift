import Dispatch
import Foundation
import KubernetesAPI
import Synchronization

/// The FGD paper's experiment: traces × seeds × policies, each a run of its own.
package struct FragmentationExperiment: Sendable {
    /// Which run a result belongs to.
    package struct Key: Hashable, Sendable {
        package var trace: String
        package var policy: FragmentationPolicy
        package var seed: Int
        /// 0 for the run that stands in the tables; further draws of the random policy only.
        package var draw: Int
    }

    /// A run with what it showed.
    package struct Result: Sendable {
        package var key: Key
        package var series: FragmentationSeries
    }

    /// Every `count`th run of the plan, from the one with `number` on.
    package struct Share: Sendable {
        package var number: Int
        package var count: Int
        package init(number: Int, count: Int) {
            self.number = number
            self.count = count
        }
    }

    /// The devices of the cluster.
    package let gpus: Int64
    private let nodes: [OpenbNode]
    private let traces: [OpenbTrace]
    private let plan: [(key: Key, trace: Int, arrival: Int)]

    /// Plans the runs; `traces` and `seeds` are all there are when they are empty.
    package init(
        folder: OpenbFolder, traces names: [String], seeds: [Int], policies: [FragmentationPolicy], randomDraws: Int
    ) throws(ExperimentError) {
        nodes = folder.nodes
        gpus = folder.nodes.map(\.gpus).reduce(0, +)
        let names = names.isEmpty ? folder.runnableTraceNames : names
        if names.isEmpty { throw ExperimentError("\(folder.path)/arrivals has no orders of arrival") }
        var traces: [OpenbTrace] = []
        var plan: [(key: Key, trace: Int, arrival: Int)] = []
        for (place, name) in names.enumerated() where !names[..<place].contains(name) {
            let trace = try folder.trace(name)
            for seed in seeds where !trace.seeds.contains(seed) {
                let known = trace.seeds.map(String.init).joined(separator: ", ")
                throw ExperimentError("trace \(name) has no line of arrivals for seed \(seed) (there are: \(known))")
            }
            for policy in policies {
                for (order, arrival) in trace.arrivals.enumerated() {
                    guard seeds.isEmpty || seeds.contains(arrival.seed) else { continue }
                    for draw in 0..<(policy.isDeterministic ? 1 : max(1, randomDraws)) {
                        let key = Key(trace: name, policy: policy, seed: arrival.seed, draw: draw)
                        plan.append((key, traces.count, order))
                    }
                }
            }
            traces.append(trace)
        }
        self.traces = traces
        self.plan = plan
    }

    /// How many runs are planned.
    package var count: Int { plan.count }

    /// Runs everything, at most `parallelism` runs at a time, and returns the results in the order of the tables.
    ///
    /// One at a time they run here; more do in processes of their own, `worker` with what `arguments` gives for each
    /// share, as runs count their references without locks. `progress` is told of every run that ends, one call at a
    /// time; once it returns false, no further run begins, and nil is returned. Throws when a process ends before its
    /// runs do.
    package func run(
        parallelism: Int = 1, worker: SwarmWorker = .current, arguments: @Sendable (Share) -> [String] = { _ in [] },
        progress: @escaping @Sendable (_ done: Int) -> Bool
    ) throws(ExperimentError) -> [Result]? {
        struct Board {
            var done = 0
            var isStopped = false
            var trouble: String?
            var series: [FragmentationSeries?]

            mutating func take(_ line: FragmentationLine, _ progress: (Int) -> Bool) -> Bool {
                guard series.indices.contains(line.place), !isStopped else { return false }
                series[line.place] = line.series
                done += 1
                if !progress(done) { isStopped = true }
                return !isStopped
            }
        }
        let board = Mutex(Board(series: Array(repeating: nil, count: plan.count)))
        let shares = min(parallelism, plan.count)
        if shares <= 1 {
            run(Share(number: 0, count: 1)) { line in board.withLock { $0.take(line, progress) } }
        } else {
            let calls = (0..<shares).map { arguments(Share(number: $0, count: shares)) }
            // Each thread only waits for its process.
            DispatchQueue.concurrentPerform(iterations: shares) { number in
                do {
                    let end = try worker.run(calls[number]) {
                        (line: FragmentationLine) in board.withLock { $0.take(line, progress) }
                    }
                    let reason = end.reason.map { "a worker ended (\($0)) \(end.remarks.first ?? "")" }
                    board.withLock { if !$0.isStopped, let reason { $0.trouble = reason } }
                } catch {
                    board.withLock { $0.trouble = "cannot start a worker: \(error.localizedDescription)" }
                }
            }
        }
        let (series, isStopped, trouble) = board.withLock { ($0.series, $0.isStopped, $0.trouble) }
        if let trouble { throw ExperimentError(trouble) }
        if isStopped { return nil }
        var results: [Result] = []
        for (entry, series) in zip(plan, series) {
            guard let series else { throw ExperimentError("a worker left runs out") }
            results.append(Result(key: entry.key, series: series))
        }
        return results
    }

    /// Runs a share of the plan, one run after the other, and tells each until `hear` returns false.
    package func run(_ share: Share, hear: (FragmentationLine) -> Bool) {
        for place in stride(from: share.number, to: plan.count, by: share.count) {
            guard hear(FragmentationLine(place: place, series: run(place).series())) else { return }
        }
    }

    private func run(_ place: Int) -> FragmentationRun {
        let entry = plan[place]
        let trace = traces[entry.trace]
        let arrival = trace.arrivals[entry.arrival]
        return FragmentationRun(
            policy: entry.key.policy, kinds: trace.kinds, typicalPods: trace.typicalPods,
            nodes: arrival.nodes.map { nodes[Int($0)] }, arrivals: arrival.pods,
            draw: UInt64(truncatingIfNeeded: entry.key.seed) << 20 | UInt64(entry.key.draw))
    }
}
