/// The rooms' files of data, as texts that end with a NUL byte.
#ifndef CDATA_H
#define CDATA_H

const char *prices_aws_us_east_1_csv(void);
const char *prices_aws_us_gov_west_1_csv(void);
const char *prices_gcp_asia_southeast1_csv(void);
const char *prices_gcp_europe_west1_csv(void);
const char *prices_gcp_europe_west4_csv(void);
const char *prices_gcp_us_central1_csv(void);
const char *prices_gcp_us_east1_csv(void);
const char *prices_gcp_us_west1_csv(void);

const char *machine_types_aws_csv(void);
const char *machine_types_gcp_csv(void);

const char *dask_shard_py(void);

#endif
