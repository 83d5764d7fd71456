package import Observations
import Chronology

extension RunWriter {
    package func lostWork(_ row: LostWorkRow) {
        let id = next(.lostWork)
        let container = number(of: row.container, in: .container)
        let reason = number(of: row.reason, in: .endReason)
        writeBatched({ $0.lostWork }) { insert in
            insert.bind(id)
            insert.bind(reference: row.pod)
            insert.bind(row.node)
            insert.bind(container)
            insert.bind(row.at.nanoseconds)
            insert.bind(reason)
            insert.bind(row.exitCode)
            insert.bind(row.done.nanoseconds)
            insert.bind(row.lost.nanoseconds)
            insert.bind(row.saved.nanoseconds)
            insert.bind(row.overhead.nanoseconds)
        }
    }
}
