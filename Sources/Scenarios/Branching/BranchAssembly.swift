import Chronology
import KubernetesAPI
import Simulation

/// The way from the inputs of a run, and what is to be another from some instant on, to a setup with branches.
///
/// The scenario is read once as it was, and once more for each branch with the settings added; what differs is looked
/// at place by place, and what cannot change within a run is recorded as an error.
final class BranchAssembly {
    private let request: RunRequest
    private let ledger: InputLedger
    private var findings: [Diagnostic] = []

    init(request: RunRequest, ledger: InputLedger) {
        self.request = request
        self.ledger = ledger
    }

    func result() -> LoadedScenario {
        var stage = request
        stage.forks = []
        let (first, loaded) = assemble(stage)
        guard var setup = loaded.setup, var stored = setup.inputs.first.flatMap({ RunRequest(text: $0.text) }) else {
            return LoadedScenario(setup: nil, diagnostics: findings)
        }
        var before = first
        var places = BranchPlaces(setup)
        var current = setup
        for (index, fork) in request.forks.enumerated() {
            stage.settings += fork.settings
            if let duration = fork.duration { stage.duration = duration }
            if let path = fork.schedulerConfiguration { stage.schedulerConfiguration = path }
            guard let at = instant(fork, of: current, after: setup.branches.last?.at) else { break }
            let (assembly, loaded) = assemble(stage)
            guard let after = loaded.setup else { break }
            let comparison = BranchComparison(before: before, after: assembly, at: at) { self.findings.append($0) }
            guard let branch = comparison.branch(from: current, to: after, fork, &places) else { break }
            setup.branches.append(branch)
            setup.provenance += Self.provenance(of: fork, number: index + 1)
            setup.warnings += after.warnings.filter { !setup.warnings.contains($0) }
            var kept = fork
            kept.schedulerConfiguration = fork.schedulerConfiguration.map { ledger.storedPath($0, .request) }
            stored.forks.append(kept)
            before = assembly
            current = branch.setup
        }
        guard !findings.contains(where: { $0.severity == .error }) else {
            return LoadedScenario(setup: nil, diagnostics: findings)
        }
        setup.inputs = [(ScenarioLoader.requestName, stored.text)] + ledger.inputs
        return LoadedScenario(setup: setup, diagnostics: findings)
    }

    private func assemble(_ request: RunRequest) -> (ScenarioAssembly, LoadedScenario) {
        let diagnostics = Diagnostics(isStrict: request.isStrict)
        ledger.diagnostics = diagnostics
        let assembly = ScenarioAssembly(request: request, ledger: ledger, diagnostics: diagnostics)
        let loaded = assembly.result()
        findings += loaded.diagnostics.filter { !findings.contains($0) }
        return (assembly, loaded)
    }

    /// Returns the instant of a fork, or records what is wrong with it.
    private func instant(_ fork: ForkRequest, of setup: WorldSetup, after last: Instant?) -> Instant? {
        func fail(_ message: String, _ expected: String) -> Instant? {
            findings.append(Diagnostic(.error, file: "--at \(fork.at)", message: message, expected: expected))
            return nil
        }
        let clock = WallClock(startDate: setup.startDate)
        let written: Instant? =
            if let length = try? Duration(parsing: fork.at) { .start + length } else {
                try? clock.instant(parsing: fork.at)
            }
        guard let at = written else {
            return fail(
                "the instant cannot be read",
                "a time since the start such as 36h, or a date such as 2026-01-31T12:00:00Z")
        }
        guard at > .start, at < .start + setup.horizon else {
            return fail("the run is from 0s to \(setup.horizon)", "an instant between its start and its end")
        }
        if let last, at < last {
            return fail("the run branched at \(last.sinceStart) itself", "an instant that is not before that")
        }
        return at
    }

    private static func provenance(of fork: ForkRequest, number: Int) -> [(name: String, value: String)] {
        let settings =
            fork.settings + (fork.duration.map { ["duration=\($0)"] } ?? [])
            + (fork.schedulerConfiguration.map { ["scheduler-config=\($0)"] } ?? [])
        let all =
            [("at", fork.at), ("digest", ""), ("parent", fork.parent)]
            + settings.enumerated().map { ("set.\($0.offset + 1)", $0.element) }
        return all.map { ("fork.\(number).\($0.0)", $0.1) }
    }
}
