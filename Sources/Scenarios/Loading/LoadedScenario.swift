package import KubernetesAPI
package import Simulation

/// What loading came to: a run ready to start, or everything that keeps it from starting.
package struct LoadedScenario {
    /// nil exactly when there is an error among the diagnostics.
    package let setup: WorldSetup?
    /// Everything that was found, in the order in which it was found.
    package let diagnostics: [Diagnostic]
    /// The machines that the run could have instead of its own; nil where nothing was read so far.
    package let shelf: MachineShelf?

    /// The files on this machine that were read, as paths.
    package var files: [String] = []

    /// Creates what loading came to.
    package init(setup: WorldSetup?, diagnostics: [Diagnostic], shelf: MachineShelf? = nil) {
        self.setup = setup
        self.diagnostics = diagnostics
        self.shelf = shelf
    }

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
