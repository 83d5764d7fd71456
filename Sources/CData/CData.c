// The compiler takes these files in as they are; as arrays in Swift, which a package's embedded resources become, they
// cost a minute of every clean build.
#include "CData.h"

#ifndef __has_embed
#error "The data files are read by #embed, which Swift 6.1 and later bring with their Clang."
#endif
#pragma clang diagnostic ignored "-Wc23-extensions"

const char *prices_aws_us_east_1_csv(void) {
    static const char text[] = {
#embed "../Costs/Data/prices-aws-us-east-1.csv" suffix(, 0)
    };
    return text;
}

const char *prices_aws_us_gov_west_1_csv(void) {
    static const char text[] = {
#embed "../Costs/Data/prices-aws-us-gov-west-1.csv" suffix(, 0)
    };
    return text;
}

const char *prices_gcp_asia_southeast1_csv(void) {
    static const char text[] = {
#embed "../Costs/Data/prices-gcp-asia-southeast1.csv" suffix(, 0)
    };
    return text;
}

const char *prices_gcp_europe_west1_csv(void) {
    static const char text[] = {
#embed "../Costs/Data/prices-gcp-europe-west1.csv" suffix(, 0)
    };
    return text;
}

const char *prices_gcp_europe_west4_csv(void) {
    static const char text[] = {
#embed "../Costs/Data/prices-gcp-europe-west4.csv" suffix(, 0)
    };
    return text;
}

const char *prices_gcp_us_central1_csv(void) {
    static const char text[] = {
#embed "../Costs/Data/prices-gcp-us-central1.csv" suffix(, 0)
    };
    return text;
}

const char *prices_gcp_us_east1_csv(void) {
    static const char text[] = {
#embed "../Costs/Data/prices-gcp-us-east1.csv" suffix(, 0)
    };
    return text;
}

const char *prices_gcp_us_west1_csv(void) {
    static const char text[] = {
#embed "../Costs/Data/prices-gcp-us-west1.csv" suffix(, 0)
    };
    return text;
}

const char *machine_types_aws_csv(void) {
    static const char text[] = {
#embed "../Machines/Data/machine-types-aws.csv" suffix(, 0)
    };
    return text;
}

const char *machine_types_gcp_csv(void) {
    static const char text[] = {
#embed "../Machines/Data/machine-types-gcp.csv" suffix(, 0)
    };
    return text;
}

const char *dask_shard_py(void) {
    static const char text[] = {
#embed "../Experiments/Data/dask_shard.py" suffix(, 0)
    };
    return text;
}
