import Chronology
import KubernetesAPI
import Machines
import SchedulingFramework
import VirtualTime
import Workloads

/// What the pods of one workload with one spec have in common: what they ask for and what they really do.
struct PodProfile {
    let specBox: PodSpecBox
    let controller: Int32
    let requestCPU: Int64
    let requestMemory: Int64
    let requestGPU: Int64
    /// In the order of the kubelet's container indices: init containers first.
    let containers: [Container]
    /// The index of the first main container.
    let firstMain: Int
    let behaviors: [Behavior]
    /// Whether any container saves its work in checkpoints.
    let savesWork: Bool
    let sandbox = SandboxModel()
    /// Slots of the tracker: pods that run now, for changes of their usage.
    var members: [Int32] = []
    var isUsageScheduled = false

    /// Returns what the machines need to know of a new pod.
    func plan(for key: ObjectKey, seed: Seed) -> PodPlan {
        PodPlan(
            sandboxTime: sandbox.startTime(of: "\(key.namespace)/\(key.name)", seed: seed),
            runs: behaviors.indices.map { run(for: key, container: Int32($0), restart: 0, seed: seed) })
    }

    /// Returns how one run of a container goes.
    func run(for key: ObjectKey, container: Int32, restart: Int32, seed: Seed) -> RunPlan {
        let drawn = behaviors[Int(container)].draw(
            seed: seed, pod: "\(key.namespace)/\(key.name)", container: containers[Int(container)].name,
            restart: restart)
        return RunPlan(
            startDelay: drawn.startDelay, runTime: drawn.runTime, exitCode: drawn.exitCode,
            readyAfter: drawn.readyAfter, terminationTime: drawn.terminationTime, stopExitCode: drawn.stopExitCode)
    }

    /// Whether anything is known of what the pods use; otherwise they are taken to use what they request.
    var hasUsage: Bool { behaviors.contains { $0.usage.cpu != nil || $0.usage.memory != nil } }

    /// Returns what one pod uses: thousandths of a core, and bytes.
    func usage(at now: Instant, on clock: WallClock) -> (cpu: Int64, memory: Int64) {
        // Init containers have ended by the time anybody asks; sidecars go on.
        var cpu: Int64 = 0
        var memory: Int64 = 0
        for index in containers.indices where index >= firstMain || containers[index].isSidecar {
            let container = containers[index]
            let usage = behaviors[index].usage
            let requestedCPU = container.requests[.cpu]?.milliValue ?? 0
            let requestedMemory = container.requests[.memory]?.value ?? 0
            cpu += usage.cpu?.value(at: now, request: requestedCPU, on: clock) ?? requestedCPU
            memory += usage.memory?.value(at: now, request: requestedMemory, on: clock) ?? requestedMemory
        }
        return (cpu, memory)
    }

    /// When the usage changes next.
    func nextUsageChange(after now: Instant, on clock: WallClock) -> Instant? {
        behaviors.compactMap { $0.usage.nextChange(after: now, on: clock) }.min()
    }
}

/// All profiles, found by workload and spec.
struct ProfileBook {
    private struct Key: Hashable {
        let controller: Int32
        let spec: ObjectIdentifier
    }

    private var profiles: [PodProfile] = []
    // Found by identity: the profile keeps its box alive, so that an address is never used twice.
    private var places: [Key: Int32] = [:]

    var count: Int { profiles.count }

    subscript(index: Int32) -> PodProfile {
        _read { yield profiles[Int(index)] }
        _modify { yield &profiles[Int(index)] }
    }

    /// Returns the number of the profile for a spec of a workload, if there is one.
    func index(controller: Int32, specBox: PodSpecBox) -> Int32? {
        places[Key(controller: controller, spec: ObjectIdentifier(specBox))]
    }

    /// Adds a profile and returns its number.
    mutating func insert(_ profile: PodProfile) -> Int32 {
        profiles.append(profile)
        let place = Int32(profiles.count - 1)
        places[Key(controller: profile.controller, spec: ObjectIdentifier(profile.specBox))] = place
        return place
    }
}
