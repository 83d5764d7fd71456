import Scenarios

extension RunRequest {
    /// Creates a request for what stands on the command line: at most one scenario, and manifests.
    ///
    /// A second scenario ends the command with exit code 2.
    init(inputs: [String]) throws {
        self.init()
        for input in inputs {
            guard input != "-", ScenarioPath.isScenario(input) else {
                manifests.append(input)
                continue
            }
            guard scenario == nil else {
                Console.error("\(input): error: a second scenario; one run has one scenario")
                throw Exit.badInput.code
            }
            scenario = input
        }
    }
}
