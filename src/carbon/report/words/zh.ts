import type { CarbonWords } from './en.ts'

const number = (value: unknown, decimals = 1): string =>
  Number(value).toLocaleString('zh-CN', { maximumFractionDigits: decimals })

export const zh: CarbonWords = {
  foreign: 'en',
  inventory: '温室气体清单',
  parkVerdict: '零碳园区判定',
  period: (from, to) => `${from} 至 ${to}`,
  year: (year) => `${year} 年`,
  scopes: { 1: '范围一：直接排放', 2: '范围二：外购能源', 3: '范围三：价值链' },
  scope2: { location: '范围二（基于位置）', market: '范围二（基于市场）' },
  total: { location: '范围一至三（范围二基于位置）', market: '范围一至三（范围二基于市场）' },
  categories: {
    combustion: '燃烧',
    fugitive: '逸散',
    process: '工业过程',
    waste: '废弃物',
    1: '1 外购商品和服务',
    2: '2 资本货物',
    3: '3 燃料和能源相关活动',
    4: '4 上游运输和配送',
    5: '5 运营中产生的废弃物',
    6: '6 商务差旅',
    7: '7 员工通勤',
    8: '8 上游租赁资产',
    9: '9 下游运输和配送',
    10: '10 售出产品的加工',
    11: '11 售出产品的使用',
    12: '12 售出产品的报废处理',
    13: '13 下游租赁资产',
    14: '14 特许经营',
    15: '15 投资',
  },
  approaches: { operational: '运营控制权法', financial: '财务控制权法', equity: '股权比例法' },
  facts: {
    approach: '边界',
    period: '期间',
    gwpSet: '全球增温潜势',
    run: '计算的证据编号',
    outputHash: '结果的哈希值',
    organisation: '主体',
    scheme: '方案',
    document: '文件',
    readings: '计入的解读',
    rows: '活动数据行数',
  },
  count: (count) => String(count),
  sections: {
    scopes: '按范围的排放',
    gases: '按气体的排放',
    energy: '能源',
    lines: '按活动的排放',
    views: '按标准分类',
    meters: '计量数据',
    factors: '因子',
    toKnow: '需要说明的事项',
    method: '方法',
    result: '判定结果',
    readings: '规则的各种解读',
    emissions: '排放构成',
    guiding: '引导性指标',
    verify: '须与原文核对的内容',
    pedigree: '每个数字的来源',
  },
  columns: {
    scope: '范围',
    category: '类别',
    method: '方法',
    emissions: '排放量',
    biogenic: '生物源 CO₂（另列）',
    halfWidth: '±（95 %）',
    uncertainShare: '已知不确定度的占比',
    score: '数据质量（1 为最佳）',
    rows: '行数',
    gas: '气体',
    mass: '质量',
    energy: '能源',
    calorific: '当量值',
    equivalent: '等价值',
    activity: '活动',
    code: '代码',
    place: '项目',
    why: '说明',
    meter: '计量点',
    amount: '数量',
    coverage: '已知时间占比',
    estimated: '估算占比',
    rule: '缺数规则',
    number: '编号',
    factor: '因子',
    value: '数值',
    source: '文件与表格',
    valid: '有效期',
    licence: '许可',
    verify: '待核实',
    reading: '解读',
    indicator: '指标',
    limit: '限值',
    gap: '超出限值',
    energyGap: '所缺能耗',
    chance: '达标概率',
    result: '结果',
    part: '部分',
    stated: '申报值',
    counted: '计入绿电',
    notCounted: '不计绿电',
    rests: '依据',
  },
  figures: {
    scopes: '按范围和类别的排放',
    gases: '按气体和范围的排放',
    energy: '综合能源消费量（标准煤）',
    parts: '按用途的排放',
    dial: (reading) => `指标与限值（${reading}）`,
    spread: '95 % 的模拟结果：',
  },
  described: (what, entries) => `${what}。${entries.join('；')}。`,
  to: '至',
  noVerify: '已查阅原文',
  gapNote: (energy) => `或在此排放量下再增加 ${energy} 能耗`,
  unlimited: '不在方案范围内',
  withoutCoefficient: (rows) => `有 ${rows} 行能源数据没有折标准煤系数，未计入上述合计。`,
  outsidePeriod: (rows) => `文件中有 ${rows} 行完全在期间之外，未计入本清单。`,
  notEquivalent: '没有等价值合计：有一行缺少相应系数，若略去该行，合计会偏小。',
  readByEngine: '计算程序自身的说明（英文原文）：',
  accountMethod: [
    '本清单遵循《温室气体核算体系》：范围一为场内直接排放；范围二为外购电力和热力的排放，基于位置与基于市场并列给出；范围三为价值链排放。范围二的两个合计从不相加。',
    '所有数值均为精确值：加法与乘法按十进制精确计算，仅在印出时取整。缺失的数值按缺失列出，绝不以零代替。',
    '各种气体均按上文所列的同一套全球增温潜势折算。生物源二氧化碳在合计之外另列。',
  ],
  verdictMethod: [
    '指标为排放量与能耗之比，以精确数值与所在档的限值比较。规则对绿电或电力如何计入未作明确时，逐一计算各种解读；结果不同时，判定中予以说明。',
    '达标概率由各数据可能的误差得出；误差未知时，不给出概率。',
  ],
  pedigree: (run) => [
    `本报告出自一次计算，其证据编号为 ${run}。证据中保存了输入、所读取的每个文件和因子的哈希值以及版本。`,
    `用完整编号执行 mangrove replay ${run.slice(0, 12)}… 可重新计算，并逐字节比较。`,
    '页面上的每个数字都注明其在该结果中的位置，以及所依据的因子行；机器可读格式（JSON）在每个数值旁给出这两项，并保留全部位数。',
  ],
  verdicts: { passes: '达标', fails: '未达标', 'not-decided': '尚不能判定' },
  results: {
    passes: '达标',
    fails: '未达标',
    open: '尚不能判定',
    meets: '符合',
    misses: '不符合',
    'not-known': '未知',
    'left-out': '不适用',
  },
  relations: { 'at-least': '不低于', 'at-most': '不高于' },
  reading: (greenPower, coal, counts) =>
    `${greenPower === 'counted' ? '计入绿电' : '不计绿电'}，电力按${coal === 'calorific' ? '当量值' : '等价值'}${counts ? '' : '（此处不计）'}`,
  parts: {
    fuel: '燃料',
    electricity: '电力',
    heat: '热力',
    process: '工业过程',
    transformation: '能源加工转换',
    total: '合计',
  },
  indicators: {
    'co2-per-energy': '单位能耗碳排放',
    'clean-energy': '清洁能源消费占比',
    'product-energy': '产品单位能耗水平',
    'solid-waste': '工业固体废弃物综合利用率',
    'waste-heat': '余热余冷余压综合利用率',
    'water-reuse': '工业用水重复利用率',
  },
  level: '级',
  reason(code, values, guiding) {
    const name = guiding === undefined ? '' : (zh.indicators[guiding.id] ?? guiding.title)
    switch (code) {
      case 'verdict.passes':
        return '园区在计入的每一种解读下均达标。'
      case 'verdict.fails':
        return '园区在计入的每一种解读下均未达标。'
      case 'verdict.reading-decides':
        return `有 ${values.passing} 种解读达标、${values.failing} 种不达标：规则未明确以哪一种为准。`
      case 'verdict.not-in-force':
        return `该方案自 ${values.from} 年起适用，不适用于 ${values.year} 年。`
      case 'verdict.year-not-over':
        return `${values.year} 年尚未结束，这些数据还不能作为该年的核算。`
      case 'verdict.missing':
        return [{ text: '缺少：' }, { text: String(values.what), lang: 'en' }, { text: '。' }]
      case 'verdict.outside':
        return `年能耗 ${number(values.energy)} 不在方案范围之内，方案自 ${number(values.from)} 起适用。`
      case 'verdict.within':
        return `指标 ${number(values.indicator, 4)} 在限值 ${number(values.limit, 4)} 以内，尚有余量 ${number(-Number(values.gapEmissions))}（排放单位）。`
      case 'verdict.above':
        return `指标 ${number(values.indicator, 4)} 高于限值 ${number(values.limit, 4)}，超出 ${number(values.gapEmissions)}（排放单位）。`
      case 'verdict.rounding-decides':
        return `若取 ${values.decimals} 位小数，指标会达标；此处以精确数值判定。`
      case 'verdict.close':
        return `数据尚不足以定论：在限值以内的概率为 ${number(100 * Number(values.chance))} %。`
      case 'verdict.band-edge':
        return `能耗与 ${number(values.edge)} 相差不到 2 %，限值在该处变化。`
      case 'verdict.rest-at-average':
        return `${values.row} 扣除了绿电，其余部分按平均因子计算，而该因子也包含已交易的绿电；可用 restFactor 指定不含绿电的因子。`
      case 'verdict.bunkers':
        return `${values.row} 为国际运输用燃料，单独列出。`
      case 'verdict.uncertainty-missing':
        return `未给出概率：有 ${values.count} 项数据的误差未知。`
      case 'verdict.uncertainty-assumed':
        return `误差未知之处，假定为 ±${number(100 * Number(values.relative))} %。`
      case 'verdict.verify':
        return `结果依据 ${values.count} 条规则和因子，均须与原文核对。`
      case 'verdict.guiding-missed':
        return `${name}：${number(values.value)} 未达到 ${number(values.limit, 4)}。`
      case 'verdict.guiding-not-known':
        return `${name}：未提供。`
      case 'verdict.guiding-left-out':
        return `${name}：不适用。`
      default:
        return undefined
    }
  },
}
