package import Chronology

// MARK: - The processor

extension NodePressure {
    /// Shares the processor anew; returns whether any pod may get another part of what it wants than before.
    ///
    /// What a pod wants beyond its quotas changes nothing of what it gets, but the part that this is.
    package mutating func shareCPU() -> Bool {
        var sum: Int64 = 0
        var hasChanged = false
        for place in pods.indices {
            let (demand, uncut) = (pods[place].cpuDemand, pods[place].cpuWanted)
            sum += demand
            if pods[place].cpu.wanted != demand || pods[place].cpuUncut != uncut { hasChanged = true }
            pods[place].cpu.wanted = demand
            pods[place].cpuUncut = uncut
        }
        let available = capacity.cpu * 1_000
        if sum <= available {
            defer { isContended = false }
            guard hasChanged || isContended else { return false }
            for place in pods.indices { pods[place].cpu.granted = pods[place].cpu.wanted }
            return true
        }
        isContended = true
        let demands = pods.map { CPUDemand($0.cpuClass, request: $0.requestCPU, wanted: $0.cpu.wanted) }
        for (place, granted) in CPUSharing.share(available, among: demands).enumerated() {
            if pods[place].cpu.granted != granted { hasChanged = true }
            pods[place].cpu.granted = granted
        }
        return hasChanged
    }
}

// MARK: - What must hold

extension NodePressure {
    /// Returns what is wrong with what the pods are granted and hold, or nil.
    package func problem(at now: Instant) -> String? {
        let granted = pods.reduce(0) { $0 + $1.cpu.granted }
        if granted > capacity.cpu * 1_000 { return "its pods are granted \(granted) millionths of a core" }
        for pod in pods {
            if pod.cpu.granted > pod.cpu.wanted { return "\(pod.name) is granted more CPU than it wants" }
            for container in pod.containers {
                guard let limit = container.limitMemory, container.memory(at: now) > limit else { continue }
                return "\(pod.name)/\(container.name) holds \(container.memory(at: now)) bytes, limit \(limit)"
            }
        }
        return nil
    }
}
