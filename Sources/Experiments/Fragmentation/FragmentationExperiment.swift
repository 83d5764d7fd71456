import Dispatch
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

    /// Runs everything, at most `workers` runs at a time, and returns the results in the order of the tables.
    ///
    /// `progress` is told of every run that ends, from any thread, one call at a time; once it returns false, no
    /// further run begins, and nil is returned.
    package func run(workers: Int, progress: @escaping @Sendable (_ done: Int) -> Bool) -> [Result]? {
        struct Board {
            var next = 0
            var done = 0
            var isStopped = false
            var series: [FragmentationSeries?]
        }
        let board = Mutex(Board(series: Array(repeating: nil, count: plan.count)))
        DispatchQueue.concurrentPerform(iterations: min(max(1, workers), max(1, plan.count))) { _ in
            while true {
                let place: Int? = board.withLock { board in
                    guard !board.isStopped, board.next < plan.count else { return nil }
                    board.next += 1
                    return board.next - 1
                }
                guard let place else { return }
                let series = run(place).series()
                board.withLock { board in
                    board.series[place] = series
                    board.done += 1
                    if !progress(board.done) { board.isStopped = true }
                }
            }
        }
        let series = board.withLock { $0.series }
        var results: [Result] = []
        for (entry, series) in zip(plan, series) {
            if let series { results.append(Result(key: entry.key, series: series)) }
        }
        return results.count == plan.count ? results : nil
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
