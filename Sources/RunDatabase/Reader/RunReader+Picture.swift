import GRDB

extension RunReader {
    /// Returns how full the machines were in CPU, in memory and, where they have any, in GPUs, or nil when the run recorded no
    /// capacity.
    package func fullness() throws(RunDatabaseError) -> (cpu: Fullness, memory: Fullness, gpu: Fullness?)? {
        try read { database in
            let capacity = try Row.fetchOne(
                database,
                sql: """
                    SELECT sum(part) AS seconds, sum(allocatable_cpu_milli * part) AS cpu,
                        sum(requested_cpu_milli * part) AS cpu_asked, sum(allocatable_memory_bytes * part) AS memory,
                        sum(requested_memory_bytes * part) AS memory_asked,
                        1.0 * sum(allocatable_gpu * part) AS gpu, 1.0 * sum(requested_gpu * part) AS gpu_asked,
                        max(1.0 * requested_gpu / nullif(allocatable_gpu, 0)) AS gpu_peak,
                        max(1.0 * requested_cpu_milli / nullif(allocatable_cpu_milli, 0)) AS cpu_peak,
                        max(1.0 * requested_memory_bytes / nullif(allocatable_memory_bytes, 0)) AS memory_peak
                    FROM (SELECT *, (to_ns - from_ns) / 1e9 AS part FROM capacity_interval)
                    """)
            let demand = try Row.fetchOne(
                database,
                sql: """
                    SELECT sum(cpu_milli * pods * ((to_ns - from_ns) / 1e9)) AS cpu,
                        sum(memory_bytes * pods * ((to_ns - from_ns) / 1e9)) AS memory,
                        \(assumed("cpu_milli")) AS cpu_assumed, \(assumed("memory_bytes")) AS memory_assumed
                    FROM demand_interval
                    """)
            guard let capacity, let seconds: Double = capacity["seconds"], seconds > 0 else { return nil }
            let cpuPeak = try peak(of: "cpu_milli", in: database)
            let memoryPeak = try peak(of: "memory_bytes", in: database)
            func fullness(_ name: String, _ peak: Double?) -> Fullness {
                let used: Double? = demand?[name]
                return Fullness(
                    allocatable: capacity[name] / seconds, requested: capacity["\(name)_asked"] / seconds,
                    used: used.map { $0 / seconds }, assumed: (demand?["\(name)_assumed"] ?? 0) / seconds,
                    peak: max(peak ?? 0, capacity["\(name)_peak"] ?? 0))
            }
            guard capacity["gpu"] > 0.0 else { return (fullness("cpu", cpuPeak), fullness("memory", memoryPeak), nil) }
            let gpu = Fullness(
                allocatable: capacity["gpu"] / seconds, requested: capacity["gpu_asked"] / seconds, used: nil,
                peak: capacity["gpu_peak"] ?? 0)
            return (fullness("cpu", cpuPeak), fullness("memory", memoryPeak), gpu)
        }
    }

    /// The sum of what is assumed of a usage; files of older versions do not tell.
    private func assumed(_ column: String) -> String {
        run.schema >= 9 ? "sum(assumed_\(column) * pods * ((to_ns - from_ns) / 1e9))" : "0.0"
    }

    /// Returns the share that was requested when most was; nil in files that do not tell. It may be less than the mean, as
    /// there may have been more machines then.
    private func peak(of resource: String, in database: Database) throws -> Double? {
        guard run.schema >= 8 else { return nil }
        return try Double.fetchOne(
            database,
            sql: """
                SELECT 1.0 * peak_requested_\(resource) / nullif(peak_allocatable_\(resource), 0)
                FROM capacity_interval ORDER BY peak_requested_\(resource) DESC, peak_allocatable_\(resource) DESC LIMIT 1
                """)
    }

    /// The pods that are bound to no node at the end, or where the run broke off.
    private static let waiting = """
        waiting AS (
            SELECT e.pod FROM pod_end e JOIN text f ON f.id = e.phase
            WHERE e.alive AND e.node IS NULL AND f.value = 'Pending'
            UNION ALL
            SELECT p.id FROM pod p
            WHERE (SELECT status FROM run) = 'running' AND p.id NOT IN (SELECT pod FROM pod_end)
                AND p.id NOT IN (
                    SELECT a.pod FROM scheduling_attempt a JOIN text o ON o.id = a.outcome WHERE o.value = 'bound')
        ),
        latest AS (
            SELECT pod, max(id) AS attempt FROM scheduling_attempt WHERE pod IN (SELECT pod FROM waiting) GROUP BY pod
        ),
        named AS (
            SELECT p.id, coalesce(c.title, 'Pod ' || s.value || '/' || p.name) AS controller, p.request_cpu_milli,
                p.request_memory_bytes, p.request_gpu,
                l.attempt
            FROM waiting w JOIN pod p ON p.id = w.pod JOIN text s ON s.id = p.namespace
                LEFT JOIN latest l ON l.pod = p.id LEFT JOIN controller_view c ON c.id = p.controller
        )
        """

    /// Returns the pods that wait for a node at the end, by workload, with why; the largest group first.
    package func waitingPods() throws(RunDatabaseError) -> [WaitingPods] {
        let refusals = try rows(
            """
            WITH \(Self.waiting)
            SELECT n.controller, r.plugin, r.reason, max(r.nodes) AS nodes
            FROM named n JOIN rejection_view r ON r.attempt = n.attempt
            GROUP BY n.controller, r.plugin, r.reason ORDER BY nodes DESC, r.plugin, r.reason
            """
        ) { row in
            (
                row["controller"] as String,
                WaitingPods.Refusal(plugin: row["plugin"], reason: row["reason"], nodes: row["nodes"])
            )
        }
        return try rows(
            """
            WITH \(Self.waiting)
            SELECT n.controller, count(*) AS pods, max(n.request_cpu_milli) AS cpu,
                max(n.request_memory_bytes) AS memory, max(n.request_gpu) AS gpu,
                coalesce(max(a.evaluated), 0) AS evaluated
            FROM named n LEFT JOIN scheduling_attempt a ON a.id = n.attempt
            GROUP BY n.controller ORDER BY pods DESC, n.controller
            """
        ) { row in
            let controller: String = row["controller"]
            return WaitingPods(
                controller: controller, pods: row["pods"], requestCPU: row["cpu"], requestMemory: row["memory"],
                requestGPU: row["gpu"], evaluated: row["evaluated"],
                refusals: refusals.filter { $0.0 == controller }.map(\.1))
        }
    }

    /// Returns the room on the machines at the end, or nil when the run recorded no capacity.
    package func freeRoom() throws(RunDatabaseError) -> FreeRoom? {
        try rows(
            """
            SELECT allocatable_cpu_milli - requested_cpu_milli AS cpu,
                allocatable_memory_bytes - requested_memory_bytes AS memory, allocatable_gpu - requested_gpu AS gpu,
                (SELECT coalesce(max(allocatable_cpu_milli), 0) FROM node) AS largest_cpu,
                (SELECT coalesce(max(allocatable_memory_bytes), 0) FROM node) AS largest_memory
            FROM capacity_interval ORDER BY to_ns DESC, id DESC LIMIT 1
            """
        ) {
            FreeRoom(
                cpu: $0["cpu"], memory: $0["memory"], gpu: $0["gpu"], largestCPU: $0["largest_cpu"],
                largestMemory: $0["largest_memory"])
        }.first
    }
}
