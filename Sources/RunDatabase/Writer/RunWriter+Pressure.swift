package import Observations
import Chronology

extension RunWriter {
    package func throttle(_ row: ThrottleIntervalRow) {
        reach(row.to)
        let id = next(.throttle)
        writeBatched({ $0.throttle }) { insert in
            insert.bind(id)
            insert.bind(row.pod)
            insert.bind(row.node)
            insert.bind(row.from.nanoseconds)
            insert.bind(row.to.nanoseconds)
            insert.bind(row.wanted)
            insert.bind(row.granted)
        }
    }

    package func pressureKill(_ row: PressureKillRow) {
        reach(row.at)
        let id = next(.pressureKill)
        let container = number(of: row.container, in: .container)
        let reason = number(of: row.reason, in: .reason)
        let signal = number(of: row.signal, in: .signal)
        writeBatched({ $0.pressureKill }) { insert in
            insert.bind(id)
            insert.bind(row.pod)
            insert.bind(row.node)
            insert.bind(container)
            insert.bind(row.at.nanoseconds)
            insert.bind(reason)
            insert.bind(signal)
        }
    }
}
