import VirtualTime

extension Behavior {
    /// What is assumed of a container of which no rule says anything. These are assumptions, not measurements: a
    /// forecast that depends on them should replace them.
    ///
    /// | aspect | default |
    /// |---|---|
    /// | run time of init containers | lognormal, median 2 s, p95 6 s |
    /// | run time of main containers of Jobs and of pods not always restarted | lognormal, median 60 s, p95 180 s |
    /// | run time of all others | for ever |
    /// | outcome | exit code 0 |
    /// | start delay | lognormal, median 0.2 s, p95 0.6 s |
    /// | ready after | lognormal, median 2 s, p95 6 s |
    /// | end after SIGTERM | lognormal, median 1 s, p95 5 s; exit code 143 |
    /// | usage | nobody knows |
    package static func assumed(of subject: WorkloadSubject, role: ContainerRole) -> Behavior {
        let runTime: Length =
            switch role {
            case .initializing: .after(.lognormal(median: 2, p95: 6))
            case .sidecar: .never
            case .main: subject.isBatch ? .after(.lognormal(median: 60, p95: 180)) : .never
            }
        return Behavior(
            runTime: runTime, outcome: Outcome(), startDelay: .lognormal(median: 0.2, p95: 0.6),
            readyAfter: .after(.lognormal(median: 2, p95: 6)),
            termination: Termination(time: .lognormal(median: 1, p95: 5)), usage: UsageCurve(),
            assumed: [.runTime, .outcome, .startDelay, .readyAfter, .termination, .cpu, .memory, .disk])
    }
}
