package import Observations
import Chronology

extension RunWriter {
    package func unstruckFault(_ row: UnstruckFaultRow) {
        let id = next(.unstruckFault)
        write({ $0.unstruckFault }) { insert in
            insert.bind(id)
            insert.bind(row.name)
            insert.bind(row.kind)
            if let due = row.due { insert.bind(due.nanoseconds) } else { insert.bindNull() }
            insert.bind(row.reason)
        }
    }

    package func causeEvent(_ row: CauseEventRow) {
        reach(row.at)
        let kind = number(of: row.kind.name, in: .causeKind)
        let actor = number(of: row.actor, in: .causeActor)
        let detail = number(of: row.detail, in: .causeDetail)
        writeBatched({ $0.causeEvent }) { insert in
            insert.bind(row.event)
            insert.bind(reference: row.parent)
            insert.bind(row.root)
            insert.bind(reference: row.delayedBy)
            insert.bind(row.depth)
            insert.bind(row.at.nanoseconds)
            insert.bind(kind)
            insert.bind(actor)
            insert.bind(reference: row.fault)
            insert.bind(reference: row.node)
            insert.bind(reference: row.pod)
            insert.bind(reference: row.controller)
            insert.bind(detail)
            insert.bind(row.isHit ? 1 : 0 as Int64)
            insert.bind(row.lost.nanoseconds)
            insert.bind(row.cost)
        }
    }
}
