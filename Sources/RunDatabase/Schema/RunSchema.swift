import GRDB

/// The tables and views of a run's database, and how older files are brought up to them.
package enum RunSchema {
    /// The version that this program writes, kept in `PRAGMA user_version` and in `run.schema`.
    package static let version = 9

    /// What `PRAGMA application_id` says in every database of ours: "ORRY" in ASCII.
    static let applicationID: Int32 = 0x4F52_5259

    /// The steps from an empty file to the present schema; a published step never changes.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            for part in [
                firstTables, firstSums, firstExperiments, firstViews, firstSumViews, firstRecoveryView,
            ] {
                try database.execute(sql: part)
            }
            try database.execute(sql: "PRAGMA user_version = 1")
        }
        migrator.registerMigration("2") { database in
            try database.execute(sql: secondDecisions)
            try database.execute(sql: "PRAGMA user_version = 2")
        }
        migrator.registerMigration("3") { database in
            try database.execute(sql: imageVersions)
            try database.execute(sql: thirdServices)
            try database.execute(sql: lostWork)
            try database.execute(sql: thirdPressure)
            try database.execute(sql: "PRAGMA user_version = 3")
        }
        migrator.registerMigration("4") { database in
            try database.execute(sql: causes)
            try database.execute(sql: workloadRecoveryView)
            try database.execute(sql: faultRecoveryView)
            try database.execute(sql: "PRAGMA user_version = 4")
        }
        migrator.registerMigration("5") { database in
            try database.execute(sql: fifthScaling)
            try database.execute(sql: "PRAGMA user_version = 5")
        }
        migrator.registerMigration("6") { database in
            try database.execute(sql: sixthReplications)
            try database.execute(sql: sixthAllocation)
            try database.execute(sql: "PRAGMA user_version = 6")
        }
        migrator.registerMigration("7") { database in
            try database.execute(sql: seventhNetwork)
            try database.execute(sql: "PRAGMA user_version = 7")
        }
        migrator.registerMigration("8") { database in
            try database.execute(sql: eighthPeaks)
            try database.execute(sql: "PRAGMA user_version = 8")
        }
        migrator.registerMigration("9") { database in
            try database.execute(sql: ninthServices)
            try database.execute(sql: ninthDemand)
            try database.execute(sql: ninthRecoveryView)
            try database.execute(sql: ninthFaults)
            try database.execute(sql: "PRAGMA user_version = 9")
        }
        return migrator
    }

    /// Built when a run is finished: bulk inserts are far faster without them.
    ///
    /// Only of what a query looks up for row after row. Who asks once, for the events of one object or the states of one
    /// pod, reads the table, and who asks for all pods groups or joins: both take less than building an index in every
    /// run, and do as well in the file of a run that was broken off and has none.
    static let indexes = [
        "CREATE INDEX IF NOT EXISTS scheduling_rejection_by_attempt ON scheduling_rejection (attempt)",
        "CREATE INDEX IF NOT EXISTS node_verdict_by_pod ON node_verdict (pod)",
        "CREATE INDEX IF NOT EXISTS node_score_by_verdict ON node_score (verdict)",
        "CREATE INDEX IF NOT EXISTS cause_event_by_root ON cause_event (root)",
        "CREATE INDEX IF NOT EXISTS service_interval_by_service ON service_interval (service, from_ns)",
    ]
}
