/**
 * `login_analyze.json` of an article that found stolen logins with Jubatus (pikesaku, about 2016): the configuration where none is given.
 * Also in examples/logins, for jubaanomaly itself.
 */
export const articleConfig = {
  method: 'lof',
  parameter: {
    nearest_neighbor_num: 10,
    reverse_nearest_neighbor_num: 30,
    method: 'euclid_lsh',
    ignore_kth_same_point: true,
    parameter: { hash_num: 8, table_num: 16, probe_num: 64, bin_width: 10, seed: 1234 },
  },
  converter: {
    string_filter_types: {},
    string_filter_rules: [],
    num_filter_types: {},
    num_filter_rules: [],
    string_types: {},
    string_rules: [{ key: '*', type: 'str', global_weight: 'bin', sample_weight: 'bin' }],
    num_types: {},
    num_rules: [
      { key: 'ip_int', type: 'str' },
      { key: 'geoid', type: 'str' },
      { key: 'dns_info', type: 'num' },
      { key: 'first', type: 'num' },
      { key: 'num_of_login_in_near_time', type: 'num' },
      { key: 'num_of_location_in_near_time', type: 'num' },
    ],
  },
} as const;
