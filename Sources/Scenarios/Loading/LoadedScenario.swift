package import KubernetesAPI
package import Simulation

/// What loading came to: a run ready to start, or everything that keeps it from starting.
package struct LoadedScenario {
    /// nil exactly when there is an error among the diagnostics.
    package let setup: WorldSetup?
    /// Everything that was found, in the order in which it was found.
    package let diagnostics: [Diagnostic]

    /// Creates what loading came to.
    package init(setup: WorldSetup?, diagnostics: [Diagnostic]) {
        self.setup = setup
        self.diagnostics = diagnostics
    }

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
