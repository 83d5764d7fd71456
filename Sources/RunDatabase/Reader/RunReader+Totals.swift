import GRDB

extension RunReader {
    /// Returns how many pods and nodes there were, and how they stood at the end or where the run broke off.
    package func totals() throws(RunDatabaseError) -> RunTotals {
        let counts = try rows(
            """
            SELECT f.value AS phase, e.alive, count(*) AS pods
            FROM pod_end e JOIN text f ON f.id = e.phase GROUP BY f.value, e.alive ORDER BY f.value, e.alive
            """
        ) { ($0["phase"] as String, $0["alive"] as Bool, $0["pods"] as Int64) }
        var totals = try read { try Self.fetchTotals($0, isOpen: !run.isClosed) }
        for (phase, isAlive, pods) in counts {
            switch (phase, isAlive) {
            case ("Succeeded", _): totals.podsSucceeded += pods
            case ("Failed", _): totals.podsFailed += pods
            case ("Running", true): totals.podsRunning += pods
            case ("Pending", true): totals.podsPending += pods
            case (_, false): totals.podsDeleted += pods
            case (_, true): break
            }
        }
        return totals
    }

    private static func fetchTotals(_ database: Database, isOpen: Bool) throws -> RunTotals {
        func count(_ sql: String, _ arguments: StatementArguments = [:]) throws -> Int64 {
            try Int64.fetchOne(database, sql: sql, arguments: arguments) ?? 0
        }
        var totals = RunTotals()
        totals.podsFound = try count("SELECT count(*) FROM pod WHERE created_ns < 0")
        totals.podsCreated = try count("SELECT count(*) FROM pod WHERE created_ns >= 0")
        totals.nodesRegistered = try count(
            """
            SELECT count(*) FROM node WHERE id NOT IN (
                SELECT i.node FROM node_interval i JOIN node_state s ON s.id = i.state GROUP BY i.node
                HAVING sum(s.name IN ('ready', 'cordoned', 'notReady')) = 0
                    AND (sum(s.name = 'failed') > 0 OR \(isOpen ? 0 : 1)))
            """)
        totals.nodesOnSpot = try count("SELECT count(*) FROM node WHERE purchase = 'spot'")
        totals.launchesRefused = try count(
            """
            SELECT coalesce(sum(e.count), 0) FROM event e JOIN text r ON r.id = e.reason
            WHERE r.value IN ('VcpuLimitExceeded', 'MaxSpotInstanceCountExceeded')
            """)
        // Files of older versions have no such tables.
        if try database.tableExists("pressure_kill") {
            let kills = "SELECT count(*) FROM pressure_kill k JOIN text r ON r.id = k.reason WHERE r.value"
            totals.podsEvictedByKubelets = try count("\(kills) = 'Evicted'")
            totals.oomKills = try count("\(kills) = 'OOMKilled'")
            totals.throttledCPU = try count(
                "SELECT sum((wanted_cpu_milli - granted_cpu_milli) * ((to_ns - from_ns) / 1000)) FROM throttle_interval"
            )
        }
        if !isOpen {
            totals.podsWithoutCost = try count(
                """
                SELECT count(*) FROM pod p JOIN pod_end e ON e.pod = p.id
                WHERE p.request_cpu_milli = 0 AND p.request_memory_bytes = 0 AND p.request_gpu = 0
                    AND e.node IS NOT NULL AND EXISTS (SELECT 1 FROM cost_asset)
                    AND p.id NOT IN (SELECT pod FROM cost_allocation WHERE pod IS NOT NULL)
                """)
        }
        guard isOpen else {
            totals.nodesReady = try count(MetricQuery.readyNodes, ["to": count("SELECT reached_ns FROM run")])
            return totals
        }
        // A run that was killed has not said how its living pods and nodes stood.
        if let last = try Row.fetchOne(
            database, sql: "SELECT nodes, pods, pending FROM capacity_interval ORDER BY to_ns DESC, id DESC LIMIT 1")
        {
            totals.nodesReady = last["nodes"]
            totals.podsRunning = last["pods"]
            totals.podsPending = last["pending"]
        }
        return totals
    }

    /// Returns what the run cost, by what the money was for.
    package func costs() throws(RunDatabaseError) -> CostTotals {
        var costs = CostTotals()
        costs.total = try rows("SELECT coalesce(sum(amount_nanousd), 0) AS cost FROM cost_asset") { $0["cost"] }[0]
        if !run.isFinished {
            costs.isKnown = try !rows("SELECT 1 FROM cost_asset LIMIT 1") { _ in true }.isEmpty
        }
        let accounts = try named("account", from: "cost_allocation a JOIN text t ON t.id = a.account", "t.value")
        for account in accounts {
            switch account.name {
            case "pod": costs.pods += account.cost
            case "idle": costs.idle += account.cost
            case "overhead": costs.overhead += account.cost
            case "control-plane": costs.controlPlane += account.cost
            case "storage": costs.storage += account.cost
            case "load-balancer": costs.loadBalancers += account.cost
            case "commitment-waste": costs.commitmentWaste += account.cost
            case let name where name.hasSuffix("-traffic"): costs.traffic += account.cost
            default: costs.other += account.cost
            }
        }
        return costs
    }

    /// Returns what the pods, volumes and load balancers of each namespace cost, the dearest first.
    package func costsByNamespace() throws(RunDatabaseError) -> [NamedCost] {
        // Files of older versions do not know the namespace of what no workload caused.
        let other = run.schema >= 6 ? "(SELECT value FROM text WHERE id = a.namespace)" : "NULL"
        let namespace = "coalesce(c.namespace, \(other))"
        let tables = "cost_allocation a LEFT JOIN controller c ON c.id = a.controller WHERE \(namespace) IS NOT NULL"
        return try named("namespace", from: tables, namespace)
    }

    /// Returns what the pods of each workload cost (`Kind namespace/name`), the dearest first.
    package func costsByController() throws(RunDatabaseError) -> [NamedCost] {
        try named("controller", from: "cost_allocation a JOIN controller_view c ON c.id = a.controller", "c.title")
    }

    private func named(
        _ column: String, from tables: String, _ name: String
    ) throws(RunDatabaseError) -> [NamedCost] {
        try rows(
            """
            SELECT \(name) AS \(column), sum(cpu_nanousd + memory_nanousd + gpu_nanousd + other_nanousd) AS cost
            FROM \(tables) GROUP BY \(name) ORDER BY cost DESC, \(column)
            """
        ) { NamedCost(name: $0[column], cost: $0["cost"]) }
    }
}
