package import Observations
import Chronology
import GRDB

extension RunWriter: RunObserver {
    package func begin(_ header: RunHeader) {
        perform { database in
            try database.execute(
                sql: "INSERT INTO run VALUES (1, ?, ?, ?, ?, ?, NULL, 0, 0, 'running', ?)",
                arguments: [
                    header.scenario, String(header.seed), header.version, header.startDate,
                    header.horizon.nanoseconds, RunSchema.version,
                ])
            for input in header.inputs {
                try database.execute(
                    sql: "INSERT INTO input (name, text) VALUES (?, ?)", arguments: [input.name, input.text])
            }
            for parameter in header.parameters {
                try database.execute(
                    sql: "INSERT INTO parameter (name, value) VALUES (?, ?)",
                    arguments: [parameter.name, parameter.value])
            }
            for warning in header.warnings {
                try database.execute(sql: "INSERT INTO warning (message) VALUES (?)", arguments: [warning])
            }
        }
        commit()
    }

    package func finish(_ footer: RunFooter) {
        end(footer)
    }

    package func stop(digest: String) {
        perform { try $0.execute(sql: "UPDATE run SET digest = ?", arguments: [digest]) }
    }

    package func node(_ row: NodeRow) {
        write({ $0.node }) { insert in
            insert.bind(row.node)
            insert.bind(row.name)
            insert.bind(row.machineType)
            insert.bind(row.zone)
            insert.bind(row.pool)
            insert.bind(row.purchase)
            insert.bind(row.pricePerHour)
            insert.bind(row.capacityCPU)
            insert.bind(row.capacityMemory)
            insert.bind(row.capacityGPU)
            insert.bind(row.allocatableCPU)
            insert.bind(row.allocatableMemory)
            insert.bind(row.allocatablePods)
            insert.bind(row.allocatableGPU)
            insert.bind(row.launchedAt.nanoseconds)
        }
    }

    package func nodeInterval(_ row: NodeIntervalRow) {
        let id = next(.nodeInterval)
        writeBatched({ $0.nodeInterval }) { insert in
            insert.bind(id)
            insert.bind(row.node)
            insert.bind(Int64(row.state.rawValue))
            insert.bind(row.from.nanoseconds)
            insert.bind(row.to.nanoseconds)
        }
    }

    package func controller(_ row: ControllerRow) {
        write({ $0.controller }) { insert in
            insert.bind(row.controller)
            insert.bind(row.namespace)
            insert.bind(row.kind)
            insert.bind(row.name)
        }
    }

    package func pod(_ row: PodRow) {
        reach(row.createdAt)
        let namespace = number(of: row.namespace, in: .namespace)
        let labels = number(of: row.labels, in: .labels)
        writeBatched({ $0.pod }) { insert in
            insert.bind(row.pod)
            insert.bind(high: row.uidHigh, low: row.uidLow)
            insert.bind(namespace)
            insert.bind(row.name)
            insert.bind(reference: row.controller)
            insert.bind(row.requestCPU)
            insert.bind(row.requestMemory)
            insert.bind(row.requestGPU)
            insert.bind(row.priority)
            insert.bind(row.createdAt.nanoseconds)
            insert.bind(labels)
        }
    }

    package func podInterval(_ row: PodIntervalRow) {
        reach(row.to)
        let id = next(.podInterval)
        writeBatched({ $0.podInterval }) { insert in
            insert.bind(id)
            insert.bind(row.pod)
            insert.bind(Int64(row.state.rawValue))
            insert.bind(reference: row.node)
            insert.bind(row.from.nanoseconds)
            insert.bind(row.to.nanoseconds)
        }
    }

    package func podEnd(_ row: PodEndRow) {
        reach(row.endedAt)
        let phase = number(of: row.phase, in: .phase)
        let reason = number(of: row.reason, in: .endReason)
        writeBatched({ $0.podEnd }) { insert in
            insert.bind(row.pod)
            insert.bind(reference: row.node)
            insert.bind(phase)
            insert.bind(reason)
            insert.bind(row.restarts)
            insert.bind(row.isAlive ? 1 : 0 as Int64)
            insert.bind(row.endedAt.nanoseconds)
        }
    }
}
