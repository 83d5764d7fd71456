import Chronology

// Counterpart: what runc does with a file of another processor: the process ends at once with 255.

extension MachineFleet {
    /// What a container is made from: what its reference names on the machine now.
    mutating func chooseImage(of container: Int, of pod: Int, at now: Instant) {
        let node = Int(pods[pod].node)
        let image = pods[pod].containers[container].image
        guard let name = nodes[node].images.name(of: image, in: catalogue) else {
            preconditionFailure("a container starts without its image")
        }
        if pods[pod].containers[container].manifest != name.manifest {
            imageUnused(by: container, of: pod, at: now)
            pods[pod].containers[container].imageSince = now
        }
        pods[pod].containers[container].manifest = name.manifest
        pods[pod].containers[container].target = name.target
        pods[pod].containers[container].imageID = name.imageID
        guard let architecture = catalogue.manifests[Int(name.manifest)].architecture,
            architecture != nodes[node].architecture
        else { return }
        // exec format error
        let delay = pods[pod].containers[container].run.startDelay
        pods[pod].containers[container].run = RunPlan(
            startDelay: delay, runTime: Self.execFormatErrorTime, exitCode: 255, readyAfter: nil)
    }

    /// How long a process runs that cannot.
    private static let execFormatErrorTime = Duration.milliseconds(10)

    /// Tells what a container runs, if that is new.
    mutating func tellImage(of container: Int, of pod: Int, into effects: inout [MachineEffect]) {
        let target = pods[pod].containers[container].target
        guard target != pods[pod].containers[container].toldTarget else { return }
        pods[pod].containers[container].toldTarget = target
        effects.append(
            .imageRun(
                ImageRunRecord(
                    pod: slot(pod), container: Int32(container),
                    reference: pods[pod].containers[container].image, target: target)))
    }
}
