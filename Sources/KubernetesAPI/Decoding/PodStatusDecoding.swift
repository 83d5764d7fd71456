import Chronology

// Counterpart: v1.PodStatus, as exports of a live cluster hold it.

extension PodStatus {
    private static let inertFields = [
        "observedGeneration", "hostIP", "hostIPs", "podIP", "podIPs", "ephemeralContainerStatuses", "resize",
        "resourceClaimStatuses", "extendedResourceClaimStatus", "allocatedResources", "resources",
        "nodeAllocatableResourceClaimStatuses",
    ]

    init(reading reader: FieldReader) {
        self.init()
        phase = reader.optionalChoice("phase") ?? .pending
        reason = reader.string("reason") ?? ""
        message = reader.string("message") ?? ""
        conditions = reader.objects("conditions") { Condition(reading: $0) }
        startTime = reader.timestamp("startTime")
        nominatedNodeName = reader.string("nominatedNodeName").flatMap { $0.isEmpty ? nil : $0 }
        qosClass = reader.optionalChoice("qosClass")
        containerStatuses = reader.objects("containerStatuses") { ContainerStatus(reading: $0) }
        initContainerStatuses = reader.objects("initContainerStatuses") { ContainerStatus(reading: $0) }
        reader.inert(Self.inertFields)
    }
}

extension ContainerStatus {
    private static let inertFields = [
        "image", "containerID", "allocatedResources", "resources", "volumeMounts", "user",
        "allocatedResourcesStatus", "stopSignal",
    ]

    init(reading reader: FieldReader) {
        self.init(name: reader.requiredString("name"))
        if let state = reader.object("state", { ContainerState(reading: $0) }) ?? nil { self.state = state }
        lastTermination = reader.object("lastState") { ContainerState(reading: $0) } ?? nil
        ready = reader.bool("ready") ?? false
        started = reader.bool("started") ?? false
        restartCount = Int32(reader.count("restartCount") ?? 0)
        imageID = reader.string("imageID") ?? ""
        reader.inert(Self.inertFields)
    }
}

extension ContainerState {
    /// Reads the one state that is present, or nil when there is none.
    init?(reading reader: FieldReader) {
        let waiting = reader.object("waiting") { reader in
            reader.inert(["message"])
            return ContainerState.waiting(reason: reader.string("reason") ?? "")
        }
        let running = reader.object("running") { reader in
            ContainerState.running(startedAt: reader.timestamp("startedAt") ?? .start)
        }
        let terminated = reader.object("terminated") { reader in
            reader.inert(["signal", "message", "containerID"])
            let exitCode = reader.int64("exitCode", in: Int64(Int32.min)...Int64(Int32.max)) ?? 0
            return ContainerState.terminated(
                exitCode: Int32(exitCode), reason: reader.string("reason") ?? "",
                startedAt: reader.timestamp("startedAt") ?? .start,
                finishedAt: reader.timestamp("finishedAt") ?? .start)
        }
        guard let state = terminated ?? running ?? waiting else { return nil }
        self = state
    }
}
