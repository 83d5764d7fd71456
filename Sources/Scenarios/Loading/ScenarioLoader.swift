import KubernetesAPI
import Simulation

/// Makes runs of what users ask for, or tells everything that is wrong with it at once.
package enum ScenarioLoader {
    /// The name of the input that holds the request.
    package static let requestName = "request"

    /// The names that the scenario of a folder may have.
    package static let fileNames = ["scenario.yaml", "scenario.yml", "scenario.json"]

    /// Reads the files that `request` names; `standardInput` is what `-` stands for, `streams` what has come already out of
    /// paths that can be read only once, and `supplied` are files of the scenario that are not read from the disk.
    package static func load(
        _ request: RunRequest, standardInput: [UInt8]? = nil, streams: [String: [UInt8]] = [:],
        supplied: [SuppliedInput] = []
    ) -> LoadedScenario {
        let diagnostics = Diagnostics(isStrict: request.isStrict)
        let ledger = InputLedger(
            standardInput: standardInput, streams: streams, supplied: supplied, diagnostics: diagnostics)
        return ScenarioAssembly(request: request, ledger: ledger, diagnostics: diagnostics).result()
    }

    /// Makes the setup of an earlier run again out of the inputs that it has kept.
    package static func reload(inputs: [(name: String, text: String)]) -> LoadedScenario {
        let text = inputs.first { $0.name == requestName }?.text
        guard let request = text.flatMap({ RunRequest(text: $0) }) else {
            let problem = Diagnostic(
                .error, file: requestName,
                message: text == nil ? "the run has not kept its request" : "the request cannot be read",
                expected: "the inputs of a run of this version")
            return LoadedScenario(setup: nil, diagnostics: [problem])
        }
        let diagnostics = Diagnostics(isStrict: request.isStrict)
        let ledger = InputLedger(inputs: inputs.filter { $0.name != requestName }, diagnostics: diagnostics)
        guard request.forks.isEmpty else { return BranchAssembly(request: request, ledger: ledger).result() }
        return ScenarioAssembly(request: request, ledger: ledger, diagnostics: diagnostics).result()
    }

    /// Makes a setup that goes the way of an earlier run up to an instant, and on as `fork` says; what the run has kept is
    /// read out of `inputs`, and new files from the disk.
    package static func fork(inputs: [(name: String, text: String)], as fork: ForkRequest) -> LoadedScenario {
        let text = inputs.first { $0.name == requestName }?.text
        // A request that cannot be read is told of as anywhere else.
        guard var request = text.flatMap({ RunRequest(text: $0) }) else { return reload(inputs: inputs) }
        request.forks.append(fork)
        let ledger = InputLedger(
            inputs: inputs.filter { $0.name != requestName }, readsMore: true, diagnostics: Diagnostics())
        return BranchAssembly(request: request, ledger: ledger).result()
    }
}
