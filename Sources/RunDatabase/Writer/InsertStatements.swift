/// The inserts of all tables that a run fills row by row.
final class InsertStatements {
    let node, controller, fault, costAsset, checkpoint, metric, assertion, service, scalingAction: InsertStatement
    let serviceBackend, networkTraffic, unstruckFault: InsertStatement
    let text, nodeInterval, pod, podEnd, podInterval, event, attempt, rejection, verdict, score: BatchInsert
    let imagePull, imageVersion, containerImage, demand, capacity, costAllocation, lostWork: BatchInsert
    let serviceInterval, throttle, pressureKill, causeEvent: BatchInsert

    /// Prepares all inserts, or returns nil when SQLite refuses one.
    init?(_ connection: OpaquePointer) {
        func prepare(_ table: String, _ columns: Int, replacing: Bool = false) -> InsertStatement? {
            InsertStatement(connection, into: table, columns: columns, replacing: replacing)
        }
        func prepareBatch(
            _ table: String, isNumbered: Bool = false, _ columns: RowBuffer.Column...
        ) -> BatchInsert? {
            BatchInsert(connection, into: table, columns, isNumbered: isNumbered)
        }
        func prepareIntegers(_ table: String, _ columns: Int) -> BatchInsert? {
            BatchInsert(connection, into: table, Array(repeating: .integer, count: columns))
        }
        // Of rows that get their numbers as they come, from 1.
        func prepareNumbered(_ table: String, _ columns: Int) -> BatchInsert? {
            BatchInsert(connection, into: table, Array(repeating: .integer, count: columns), isNumbered: true)
        }
        guard let text = prepareBatch("text", isNumbered: true, .integer, .text),
            let node = prepare("node", 15),
            let nodeInterval = prepareNumbered("node_interval", 5),
            let controller = prepare("controller", 4),
            let pod = prepareBatch(
                "pod", .integer, .blob, .integer, .text, .integer, .integer, .integer, .integer, .integer, .integer,
                .integer),
            let podEnd = prepareIntegers("pod_end", 7),
            let podInterval = prepareNumbered("pod_interval", 6),
            let event = prepareBatch(
                "event", isNumbered: true, .integer, .integer, .integer, .integer, .integer, .integer, .integer, .text,
                .integer),
            let attempt = prepareNumbered("scheduling_attempt", 14),
            let rejection = prepareNumbered("scheduling_rejection", 5),
            let verdict = prepareNumbered("node_verdict", 10),
            let score = prepareNumbered("node_score", 4),
            let imagePull = prepareNumbered("image_pull", 13),
            let imageVersion = prepareBatch("image_version", .integer, .integer, .text, .integer, .integer),
            let containerImage = prepareNumbered("container_image", 5),
            // A fault may be told twice: when it strikes and when it heals.
            let fault = prepare("fault", 6, replacing: true),
            let unstruckFault = prepare("unstruck_fault", 5),
            let demand = prepareNumbered("demand_interval", 9),
            let capacity = prepareNumbered("capacity_interval", 16),
            let costAsset = prepare("cost_asset", 7),
            let costAllocation = prepareNumbered("cost_allocation", 13),
            let lostWork = prepareNumbered("lost_work", 11),
            let throttle = prepareNumbered("throttle_interval", 7),
            let pressureKill = prepareNumbered("pressure_kill", 7),
            let causeEvent = prepareIntegers("cause_event", 16),
            let checkpoint = prepare("checkpoint", 4),
            let metric = prepare("metric", 4),
            let assertion = prepare("assertion", 5),
            let service = prepare("service", 3),
            let serviceBackend = prepare("service_backend", 2),
            let networkTraffic = prepare("network_traffic", 7),
            let scalingAction = prepare("scaling_action", 10),
            let serviceInterval = prepareNumbered("service_interval", 16)
        else { return nil }
        self.text = text
        self.node = node
        self.nodeInterval = nodeInterval
        self.controller = controller
        self.pod = pod
        self.podEnd = podEnd
        self.podInterval = podInterval
        self.event = event
        self.attempt = attempt
        self.rejection = rejection
        self.verdict = verdict
        self.score = score
        self.imagePull = imagePull
        self.imageVersion = imageVersion
        self.containerImage = containerImage
        self.fault = fault
        self.unstruckFault = unstruckFault
        self.demand = demand
        self.capacity = capacity
        self.costAsset = costAsset
        self.costAllocation = costAllocation
        self.lostWork = lostWork
        self.throttle = throttle
        self.pressureKill = pressureKill
        self.causeEvent = causeEvent
        self.checkpoint = checkpoint
        self.metric = metric
        self.assertion = assertion
        self.service = service
        self.serviceBackend = serviceBackend
        self.networkTraffic = networkTraffic
        self.scalingAction = scalingAction
        self.serviceInterval = serviceInterval
    }

    /// The busy tables, whose rows wait for others to join them.
    private var batches: [BatchInsert] {
        [
            text, nodeInterval, pod, podEnd, podInterval, event, attempt, rejection, verdict, score, imagePull,
            imageVersion, containerImage, demand, capacity, costAllocation, lostWork, serviceInterval, throttle,
            pressureKill, causeEvent,
        ]
    }

    /// Writes the rows that wait for others to join them.
    func flush() {
        for insert in batches { insert.flush() }
    }

    /// The first result code of any insert that was not a success, in the order of the tables.
    var failure: Int32? {
        let single = [
            node, controller, fault, costAsset, checkpoint, metric, assertion, service, scalingAction, serviceBackend,
            networkTraffic, unstruckFault,
        ]
        for insert in single {
            if let failure = insert.failure { return failure }
        }
        return batches.lazy.compactMap(\.failure).first
    }
}
