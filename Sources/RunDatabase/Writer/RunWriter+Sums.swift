package import Observations
import Chronology

extension RunWriter {
    package func demand(_ row: DemandIntervalRow) {
        let id = next(.demand)
        writeBatched({ $0.demand }) { insert in
            insert.bind(id)
            insert.bind(row.controller)
            insert.bind(row.from.nanoseconds)
            insert.bind(row.to.nanoseconds)
            insert.bind(row.cpu)
            insert.bind(row.memory)
            insert.bind(row.pods)
            insert.bind(row.assumedCPU)
            insert.bind(row.assumedMemory)
        }
    }

    package func capacity(_ row: CapacityIntervalRow) {
        let id = next(.capacity)
        writeBatched({ $0.capacity }) { insert in
            insert.bind(id)
            insert.bind(row.from.nanoseconds)
            insert.bind(row.to.nanoseconds)
            insert.bind(row.nodes)
            insert.bind(row.pods)
            insert.bind(row.pending)
            insert.bind(row.allocatableCPU)
            insert.bind(row.requestedCPU)
            insert.bind(row.allocatableMemory)
            insert.bind(row.requestedMemory)
            insert.bind(row.allocatableGPU)
            insert.bind(row.requestedGPU)
            insert.bind(row.peakRequestedCPU)
            insert.bind(row.peakAllocatableCPU)
            insert.bind(row.peakRequestedMemory)
            insert.bind(row.peakAllocatableMemory)
        }
    }

    package func costAsset(_ row: CostAssetRow) {
        let id = next(.costAsset)
        write({ $0.costAsset }) { insert in
            insert.bind(id)
            insert.bind(row.kind)
            insert.bind(reference: row.node)
            insert.bind(row.name)
            insert.bind(row.from.nanoseconds)
            insert.bind(row.to.nanoseconds)
            insert.bind(row.amount)
        }
    }

    package func costAllocation(_ row: CostAllocationRow) {
        let id = next(.costAllocation)
        let account = number(of: row.account, in: .account)
        let namespace = row.namespace.isEmpty ? RowBuffer.null : number(of: row.namespace, in: .accountNamespace)
        let labels = row.labels.isEmpty ? RowBuffer.null : number(of: row.labels, in: .accountLabels)
        writeBatched({ $0.costAllocation }) { insert in
            insert.bind(id)
            insert.bind(account)
            insert.bind(reference: row.node)
            insert.bind(reference: row.controller)
            insert.bind(reference: row.pod)
            insert.bind(row.from.nanoseconds)
            insert.bind(row.to.nanoseconds)
            insert.bind(row.cpu)
            insert.bind(row.memory)
            insert.bind(row.gpu)
            insert.bind(row.other)
            insert.bind(namespace)
            insert.bind(labels)
        }
    }

    package func networkTraffic(_ row: NetworkTrafficRow) {
        let id = next(.networkTraffic)
        write({ $0.networkTraffic }) { insert in
            insert.bind(id)
            insert.bind(row.line)
            insert.bind(reference: row.controller)
            insert.bind(row.from.nanoseconds)
            insert.bind(row.to.nanoseconds)
            insert.bind(row.bytes)
            insert.bind(row.amount)
        }
    }
}
