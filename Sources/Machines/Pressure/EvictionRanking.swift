package import Chronology
import KubernetesAPI

// Counterpart: rankMemoryPressure, rankDiskPressureFunc and evictionMessage in pkg/kubelet/eviction/helpers.go (v1.36).
// Deliberate differences: pods that are equal in everything go in the order in which they came.

/// In which order pods are evicted, and what they are told.
package enum EvictionRanking {
    /// Returns the positions of `pods` in the order in which they are evicted for want of what `signal` watches: those that
    /// use more than they ask for first, then by priority, then by how much more.
    package static func order(_ pods: [PodLoad], for signal: EvictionSignal, at now: Instant) -> [Int] {
        let keys = pods.indices.map { index -> (exceeds: Bool, priority: Int32, excess: Int64, index: Int) in
            let pod = pods[index]
            let (usage, request) =
                signal == .memoryAvailable
                ? (pod.memory(at: now), pod.requestMemory) : (pod.disk(at: now), pod.requestStorage)
            return (usage > request, pod.priority, usage - request, index)
        }
        return keys.sorted { left, right in
            if left.exceeds != right.exceeds { return left.exceeds }
            if left.priority != right.priority { return left.priority < right.priority }
            if left.excess != right.excess { return left.excess > right.excess }
            return left.index < right.index
        }.map(\.index)
    }

    /// Returns what an evicted pod is told.
    package static func message(
        for pod: PodLoad, threshold: EvictionThreshold, observations: EvictionObservations, at now: Instant
    ) -> String {
        let resource = threshold.signal.resource
        let reading = observations[threshold.signal]
        var text = "The node was low on resource: \(resource). "
        text += "Threshold quantity: \(quantity(threshold.value.bytes(of: reading.capacity))), "
        text += "available: \(quantity(reading.available)). "
        let isMemory = threshold.signal == .memoryAvailable
        if isMemory, let request = pod.podRequestMemory {
            text += "Pod \(pod.name) was using \(quantity(pod.memory(at: now))), request is \(quantity(request)), "
            text += "has larger consumption of \(resource). "
        }
        guard pod.isMeasured else { return text }
        for (index, container) in pod.containers.enumerated() where container.isRunning {
            let usage =
                isMemory ? container.memory(at: now) : container.volume == nil ? pod.disk(of: index, at: now) : 0
            let request = isMemory ? container.requestMemory : container.requestStorage
            guard usage > request else { continue }
            text += "Container \(container.name) was using \(quantity(usage)), request is \(quantity(request)), "
            text += "has larger consumption of \(resource). "
        }
        return text
    }

    /// Returns bytes as messages write them.
    static func quantity(_ bytes: Int64) -> String { Quantity(bytes, format: .binarySI).description }
}

/// What is said of pods that outgrew their own limits of local storage (`localStorageEviction`).
enum LocalStorageLimits {
    /// Returns why a pod must go, or nil; the signal is the name under which upstream counts it.
    static func problem(of pod: PodLoad, at now: Instant) -> (message: String, signal: String)? {
        guard pod.isMeasured else { return nil }
        for (name, limit) in pod.volumeLimits where pod.disk(inVolume: name, at: now) > limit.value {
            return ("Usage of EmptyDir volume \"\(name)\" exceeds the limit \"\(limit)\". ", "emptydirfs.limit")
        }
        if let limit = pod.limitStorage, pod.disk(at: now) > limit {
            let text = EvictionRanking.quantity(limit)
            return (
                "Pod ephemeral local storage usage exceeds the total limit of containers \(text). ",
                "ephemeralpodfs.limit"
            )
        }
        for (index, container) in pod.containers.enumerated() where container.volume == nil {
            guard let limit = container.limitStorage, pod.disk(of: index, at: now) > limit else { continue }
            let text = EvictionRanking.quantity(limit)
            return (
                "Container \(container.name) exceeded its local ephemeral storage limit \"\(text)\". ",
                "ephemeralcontainerfs.limit"
            )
        }
        return nil
    }

    /// Returns the first instant, not before `earliest`, at which a pod is beyond one of its limits.
    static func due(_ pod: PodLoad, notBefore earliest: Instant) -> Instant? {
        guard pod.isMeasured else { return nil }
        if problem(of: pod, at: earliest) != nil { return earliest }
        guard pod.isGrowing else { return nil }
        var due: Instant?
        func take(_ limit: Int64, _ sum: (Instant) -> Int64) {
            guard let at = GrowthSearch.first(atLeast: limit + 1, notBefore: earliest, of: sum) else { return }
            due = min(due ?? at, at)
        }
        for (name, limit) in pod.volumeLimits { take(limit.value) { pod.disk(inVolume: name, at: $0) } }
        if let limit = pod.limitStorage { take(limit) { pod.disk(at: $0) } }
        for (index, container) in pod.containers.enumerated() where container.volume == nil {
            if let limit = container.limitStorage { take(limit) { pod.disk(of: index, at: $0) } }
        }
        return due
    }
}
