package import Chronology

/// What really happens in one run of a container, whatever the manifest says.
package struct RunPlan: Hashable, Sendable {
    /// From the kubelet's decision to the running process.
    package var startDelay: Duration
    /// From the running process to its end by itself; nil for one that does not end.
    package var runTime: Duration?
    /// What it exits with after `runTime`.
    package var exitCode: Int32
    /// From the running process to the moment from which probes would succeed; nil for never.
    package var readyAfter: Duration?
    /// From SIGTERM to its end.
    package var terminationTime: Duration
    /// What it exits with after SIGTERM.
    package var stopExitCode: Int32
    /// Hooks that take time and probes that fail; nil for a run without them.
    package var extras: RunExtras?

    /// Creates a plan.
    package init(
        startDelay: Duration = .milliseconds(200), runTime: Duration? = nil, exitCode: Int32 = 0,
        readyAfter: Duration? = .zero, terminationTime: Duration = .seconds(1), stopExitCode: Int32 = 143,
        extras: RunExtras? = nil
    ) {
        self.startDelay = startDelay
        self.runTime = runTime
        self.exitCode = exitCode
        self.readyAfter = readyAfter
        self.terminationTime = terminationTime
        self.stopExitCode = stopExitCode
        self.extras = extras
    }
}

/// What really happens in a pod on its machine.
package struct PodPlan: Sendable {
    /// How long the sandbox takes.
    package var sandboxTime: Duration
    /// The first run of each container, init containers first; a missing one takes the defaults of `RunPlan`.
    package var runs: [RunPlan]
    /// The numbers of the containers' images (`MachineFleet.imageNumbers`); empty has the fleet look them up.
    package var images: [Int32]
    /// What the pod needs of its node; nil has the kubelet work it out.
    package var needs: PodNeeds?
    /// Whether the fleet tells when its containers begin to run.
    package var isMeasured: Bool

    /// Creates a plan.
    package init(
        sandboxTime: Duration = .milliseconds(500), runs: [RunPlan] = [], images: [Int32] = [],
        needs: PodNeeds? = nil, isMeasured: Bool = false
    ) {
        self.sandboxTime = sandboxTime
        self.runs = runs
        self.images = images
        self.needs = needs
        self.isMeasured = isMeasured
    }
}
