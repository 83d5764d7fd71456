package import Observations
import Chronology

extension RunWriter {
    package func service(_ row: ServiceRow) {
        write({ $0.service }) { insert in
            insert.bind(row.service)
            insert.bind(row.namespace)
            insert.bind(row.name)
        }
    }

    package func serviceBackend(_ row: ServiceBackendRow) {
        write({ $0.serviceBackend }) { insert in
            insert.bind(row.service)
            insert.bind(row.controller)
        }
    }

    package func serviceInterval(_ row: ServiceIntervalRow) {
        reach(row.to)
        let id = next(.serviceInterval)
        writeBatched({ $0.serviceInterval }) { insert in
            insert.bind(id)
            insert.bind(row.service)
            insert.bind(row.from.nanoseconds)
            insert.bind(row.to.nanoseconds)
            insert.bind(row.requests)
            insert.bind(row.failed)
            insert.bind(row.retries)
            insert.bind(row.p50.nanoseconds)
            insert.bind(row.p95.nanoseconds)
            insert.bind(row.p99.nanoseconds)
            insert.bind(row.endpoints)
            insert.bind(row.cpu)
            insert.bind(row.inFlight)
            insert.bind(row.isViolated ? 1 : 0 as Int64)
            insert.bind(row.lost)
            insert.bind(row.users)
        }
    }
}
