import Chronology
package import Observations

extension RunWriter {
    package func scalingAction(_ row: ScalingActionRow) {
        let id = next(.scalingAction)
        write({ $0.scalingAction }) { insert in
            insert.bind(id)
            insert.bind(row.at.nanoseconds)
            insert.bind(row.component)
            insert.bind(row.target)
            insert.bind(row.fromSize)
            insert.bind(row.toSize)
            insert.bind(row.reason)
            insert.bind(row.machineType)
            if let price = row.pricePerHour { insert.bind(price) } else { insert.bindNull() }
            insert.bind(row.message)
        }
    }
}
