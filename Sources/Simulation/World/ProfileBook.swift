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
    /// The bad revision that the pods are of, or 0.
    var variant: Int32 = 0
    let requestCPU: Int64
    let requestMemory: Int64
    let requestGPU: Int64
    /// Thousandths of a GPU, of pods that ask for parts of devices.
    let sharedGPUMilli: Int64
    /// In the order of the kubelet's container indices: init containers first.
    let containers: [Container]
    /// The index of the first main container.
    let firstMain: Int
    let behaviors: [Behavior]
    /// Whether any container leaks memory.
    let leaks: Bool
    /// Whether any container saves its work in checkpoints.
    let savesWork: Bool
    /// How its runs are drawn.
    let planner: PodPlanner
    /// The numbers of the containers' images in the fleet; empty before its first pod came to a machine.
    var images: [Int32] = []
    /// Slots of the tracker: pods whose machines count what they use.
    var loads: [Int32] = []
    /// When the usage changes next, once that is scheduled.
    var usageDue: Instant?
    /// The labels of its latest pod, and how they are recorded.
    var labels: (of: StringMap, text: String)?
    /// Services under traffic that match the workload, and whether its namespace has any (`PodProfile+Services`).
    var services: [Int] = []
    var mayServe = false
    /// The main container that answers requests, and whether the scenario names it; nil for the first.
    var serving: (container: Int, isNamed: Bool)?
    /// What requests add to the usage of each pod that answers them; nil before the first.
    var serviceLoad: ServiceLoad?

    /// The latest text about the end of a container; most containers end as the one before did.
    fileprivate(set) var lastExit = (container: Int32(-1), exitCode: Int32(0), text: "")

    /// Returns what an event says of a container that ended.
    mutating func exitText(of container: Int32, exitCode: Int32) -> String {
        if lastExit.container != container || lastExit.exitCode != exitCode {
            let text = "Container \(containers[Int(container)].name) exited with code \(exitCode)"
            lastExit = (container, exitCode, text)
        }
        return lastExit.text
    }

    /// What a pod uses when nothing is known of it, which is what it requests; worked out once.
    fileprivate(set) var fixedUsage: (cpu: Int64, memory: Int64)?

    /// Whether anything is known of what the pods use; otherwise they are taken to use what they request.
    var hasUsage: Bool { fixedUsage == nil }

    /// Whether what some container uses follows from a rule, or from the requests that it serves.
    var hasUsageRule: Bool {
        mayServe || behaviors.contains(where: \.saysUsage)
    }

    /// Returns what one pod uses on a machine of a speed: thousandths of a core, and bytes.
    func usage(at now: Instant, on clock: WallClock, speed: Int64) -> (cpu: Int64, memory: Int64) {
        if let fixedUsage { return fixedUsage }
        // Init containers have ended by the time anybody asks; sidecars go on.
        var cpu: Int64 = 0
        var memory: Int64 = 0
        for index in containers.indices where index >= firstMain || containers[index].isSidecar {
            let container = containers[index]
            let usage = behaviors[index].usage
            let requestedCPU = container.requests[.cpu]?.milliValue ?? 0
            let requestedMemory = container.requests[.memory]?.value ?? 0
            let (basisCPU, basisMemory) = (usage.cpuBasis ?? requestedCPU, usage.memoryBasis ?? requestedMemory)
            cpu = cpu.addingCut(usage.cpu?.value(at: now, request: basisCPU, on: clock) ?? idleCPU(basisCPU))
            memory = memory.addingCut(
                usage.memory?.value(at: now, request: basisMemory, on: clock) ?? basisMemory)
        }
        return (cpu.addingCut(serviceCPU(at: speed)), memory.addingCut(serviceLoad?.memory ?? 0))
    }

    /// What of the usage of one pod nobody has said: containers without it are taken to use what they request.
    var assumedUsage: (cpu: Int64, memory: Int64) {
        if let fixedUsage { return fixedUsage }
        var sum: (cpu: Int64, memory: Int64) = (0, 0)
        for index in containers.indices where index >= firstMain || containers[index].isSidecar {
            let (container, usage) = (containers[index], behaviors[index].usage)
            if usage.cpu == nil {
                sum.cpu = sum.cpu.addingCut(idleCPU(usage.cpuBasis ?? container.requests[.cpu]?.milliValue ?? 0))
            }
            if usage.memory == nil {
                sum.memory = sum.memory.addingCut(usage.memoryBasis ?? container.requests[.memory]?.value ?? 0)
            }
        }
        return sum
    }

    /// What the containers that stay request.
    fileprivate var requested: (cpu: Int64, memory: Int64) {
        var sum: (cpu: Int64, memory: Int64) = (0, 0)
        for (index, container) in containers.enumerated() where index >= firstMain || container.isSidecar {
            let usage = behaviors[index].usage
            sum.cpu = sum.cpu.addingCut(usage.cpuBasis ?? container.requests[.cpu]?.milliValue ?? 0)
            sum.memory = sum.memory.addingCut(usage.memoryBasis ?? container.requests[.memory]?.value ?? 0)
        }
        return sum
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
        let variant: Int32
    }

    private var profiles: [PodProfile] = []
    // Found by identity: the profile keeps its box alive, so that an address is never used twice.
    private var places: [Key: Int32] = [:]

    var count: Int { profiles.count }

    subscript(index: Int32) -> PodProfile {
        @inline(__always) _read { yield profiles[Int(index)] }
        @inline(__always) _modify { yield &profiles[Int(index)] }
    }

    /// Returns the number of the profile for a spec of a workload, if there is one; revisions that a fault spoils are
    /// variants of their own.
    func index(controller: Int32, specBox: PodSpecBox, variant: Int32 = 0) -> Int32? {
        places[Key(controller: controller, spec: ObjectIdentifier(specBox), variant: variant)]
    }

    /// Lets pods that are still to come have a profile of their own; those that are here keep this one.
    mutating func closeToNewPods(_ index: Int32) {
        let profile = profiles[Int(index)]
        let key = Key(
            controller: profile.controller, spec: ObjectIdentifier(profile.specBox), variant: profile.variant)
        if places[key] == index { places[key] = nil }
    }

    /// Exchanges what is known of the pods of a profile, and keeps who they are.
    mutating func revise(_ index: Int32, as new: PodProfile) {
        let old = profiles[Int(index)]
        var revised = new
        revised.variant = old.variant
        revised.fixedUsage = old.fixedUsage
        revised.loads = old.loads
        revised.usageDue = old.usageDue
        revised.services = old.services
        revised.mayServe = old.mayServe
        revised.serving = old.serving
        revised.serviceLoad = old.serviceLoad
        profiles[Int(index)] = revised
    }

    /// Adds a profile and returns its number.
    mutating func insert(_ profile: PodProfile, variant: Int32 = 0) -> Int32 {
        var profile = profile
        profile.variant = variant
        if !profile.hasUsageRule { profile.fixedUsage = profile.requested }
        profiles.append(profile)
        let place = Int32(profiles.count - 1)
        places[Key(controller: profile.controller, spec: ObjectIdentifier(profile.specBox), variant: variant)] = place
        return place
    }
}
