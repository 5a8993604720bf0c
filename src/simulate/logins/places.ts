import { haversine } from '../../algorithms/haversine.ts';

/** A city as a geo database gives it. */
export interface City {
  readonly name: string;
  /** GeoNames' number. */
  readonly id: number;
  readonly country: Country;
  /** ISO 3166-2 without the country, such as `BE`. */
  readonly region: string;
  readonly regionName: string;
  readonly latitude: number;
  readonly longitude: number;
  /** IANA name. */
  readonly zone: string;
}

export interface Country {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  readonly name: string;
  readonly id: number;
  readonly continent: string;
  readonly cities: readonly City[];
}

export const continents: Readonly<Record<string, { readonly name: string; readonly id: number }>> = {
  AF: { name: 'Africa', id: 6255146 },
  AS: { name: 'Asia', id: 6255147 },
  EU: { name: 'Europe', id: 6255148 },
  NA: { name: 'North America', id: 6255149 },
  OC: { name: 'Oceania', id: 6255151 },
  SA: { name: 'South America', id: 6255150 },
};

/** Countries as `code|name|id|continent`, each followed by its cities: `name|id|region|region name|latitude|longitude|zone`. */
const table = `
DE|Germany|2921044|EU
 Berlin|2950159|BE|State of Berlin|52.524|13.411|Europe/Berlin
 Hamburg|2911298|HH|Free and Hanseatic City of Hamburg|53.551|9.993|Europe/Berlin
 Munich|2867714|BY|Bavaria|48.137|11.575|Europe/Berlin
 Cologne|2886242|NW|North Rhine-Westphalia|50.933|6.95|Europe/Berlin
 Frankfurt am Main|2925533|HE|Hesse|50.116|8.684|Europe/Berlin
 Leipzig|2879139|SN|Saxony|51.34|12.371|Europe/Berlin
FR|France|3017382|EU
 Paris|2988507|IDF|Île-de-France|48.853|2.349|Europe/Paris
 Lyon|2996944|ARA|Auvergne-Rhône-Alpes|45.748|4.847|Europe/Paris
 Marseille|2995469|PAC|Provence-Alpes-Côte d'Azur|43.297|5.381|Europe/Paris
 Toulouse|2972315|OCC|Occitanie|43.604|1.444|Europe/Paris
 Lille|2998324|HDF|Hauts-de-France|50.633|3.059|Europe/Paris
GB|United Kingdom|2635167|EU
 London|2643743|ENG|England|51.509|-0.126|Europe/London
 Manchester|2643123|ENG|England|53.481|-2.237|Europe/London
 Edinburgh|2650225|SCT|Scotland|55.952|-3.196|Europe/London
 Cardiff|2653822|WLS|Wales|51.48|-3.18|Europe/London
 Belfast|2655984|NIR|Northern Ireland|54.597|-5.93|Europe/London
ES|Spain|2510769|EU
 Madrid|3117735|MD|Madrid|40.417|-3.703|Europe/Madrid
 Barcelona|3128760|CT|Catalonia|41.389|2.159|Europe/Madrid
 Valencia|2509954|VC|Valencia|39.47|-0.377|Europe/Madrid
 Seville|2510911|AN|Andalusia|37.383|-5.973|Europe/Madrid
 Bilbao|3128026|PV|Basque Country|43.263|-2.925|Europe/Madrid
PL|Poland|798544|EU
 Warsaw|756135|14|Mazovia|52.23|21.012|Europe/Warsaw
 Kraków|3094802|12|Lesser Poland|50.061|19.937|Europe/Warsaw
 Gdańsk|3099434|22|Pomerania|54.352|18.649|Europe/Warsaw
 Wrocław|3081368|02|Lower Silesia|51.1|17.033|Europe/Warsaw
 Poznań|3088171|30|Greater Poland|52.407|16.93|Europe/Warsaw
IT|Italy|3175395|EU
 Rome|3169070|62|Lazio|41.892|12.511|Europe/Rome
 Milan|3173435|25|Lombardy|45.464|9.19|Europe/Rome
 Naples|3172394|72|Campania|40.852|14.268|Europe/Rome
 Palermo|2523920|82|Sicily|38.116|13.359|Europe/Rome
US|United States|6252001|NA
 New York|5128581|NY|New York|40.714|-74.006|America/New_York
 Chicago|4887398|IL|Illinois|41.85|-87.65|America/Chicago
 Austin|4671654|TX|Texas|30.267|-97.743|America/Chicago
 Denver|5419384|CO|Colorado|39.739|-104.985|America/Denver
 San Francisco|5391959|CA|California|37.775|-122.419|America/Los_Angeles
 Seattle|5809844|WA|Washington|47.606|-122.332|America/Los_Angeles
 Ashburn|4744870|VA|Virginia|39.044|-77.487|America/New_York
BR|Brazil|3469034|SA
 São Paulo|3448439|SP|São Paulo|-23.548|-46.636|America/Sao_Paulo
 Rio de Janeiro|3451190|RJ|Rio de Janeiro|-22.903|-43.208|America/Sao_Paulo
 Curitiba|3464975|PR|Paraná|-25.428|-49.273|America/Sao_Paulo
 Recife|3390760|PE|Pernambuco|-8.054|-34.881|America/Recife
 Porto Alegre|3452925|RS|Rio Grande do Sul|-30.033|-51.23|America/Sao_Paulo
IN|India|1269750|AS
 Bengaluru|1277333|KA|Karnataka|12.972|77.594|Asia/Kolkata
 Mumbai|1275339|MH|Maharashtra|19.073|72.883|Asia/Kolkata
 Delhi|1273294|DL|National Capital Territory of Delhi|28.652|77.231|Asia/Kolkata
 Chennai|1264527|TN|Tamil Nadu|13.088|80.278|Asia/Kolkata
 Hyderabad|1269843|TG|Telangana|17.384|78.456|Asia/Kolkata
JP|Japan|1861060|AS
 Tokyo|1850147|13|Tokyo|35.69|139.692|Asia/Tokyo
 Osaka|1853909|27|Ōsaka|34.694|135.502|Asia/Tokyo
 Nagoya|1856057|23|Aichi|35.181|136.906|Asia/Tokyo
 Sapporo|2128295|01|Hokkaidō|43.064|141.347|Asia/Tokyo
 Fukuoka|1863967|40|Fukuoka|33.6|130.417|Asia/Tokyo
NL|Netherlands|2750405|EU
 Amsterdam|2759794|NH|North Holland|52.374|4.89|Europe/Amsterdam
 Rotterdam|2747891|ZH|South Holland|51.923|4.479|Europe/Amsterdam
CH|Switzerland|2658434|EU
 Zurich|2657896|ZH|Zurich|47.367|8.55|Europe/Zurich
 Geneva|2660646|GE|Geneva|46.202|6.146|Europe/Zurich
SE|Sweden|2661886|EU
 Stockholm|2673730|AB|Stockholm County|59.329|18.069|Europe/Stockholm
 Gothenburg|2711537|O|Västra Götaland|57.707|11.967|Europe/Stockholm
AT|Austria|2782113|EU
 Vienna|2761369|9|Vienna|48.208|16.372|Europe/Vienna
 Graz|2778067|6|Styria|47.067|15.45|Europe/Vienna
PT|Portugal|2264397|EU
 Lisbon|2267057|11|Lisbon|38.717|-9.133|Europe/Lisbon
 Porto|2735943|13|Porto|41.15|-8.611|Europe/Lisbon
GR|Greece|390903|EU
 Athens|264371|I|Attica|37.984|23.728|Europe/Athens
 Thessaloniki|734077|B|Central Macedonia|40.644|22.931|Europe/Athens
RO|Romania|798549|EU
 Bucharest|683506|B|București|44.432|26.106|Europe/Bucharest
 Cluj-Napoca|681290|CJ|Cluj|46.767|23.6|Europe/Bucharest
UA|Ukraine|690791|EU
 Kyiv|703448|30|Kyiv City|50.455|30.524|Europe/Kyiv
 Lviv|702550|46|Lviv|49.838|24.023|Europe/Kyiv
TR|Türkiye|298795|AS
 Istanbul|745044|34|Istanbul|41.014|28.95|Europe/Istanbul
 Antalya|323777|07|Antalya|36.908|30.696|Europe/Istanbul
CA|Canada|6251999|NA
 Toronto|6167865|ON|Ontario|43.7|-79.416|America/Toronto
 Montreal|6077243|QC|Quebec|45.509|-73.588|America/Toronto
MX|Mexico|3996063|NA
 Mexico City|3530597|CMX|Mexico City|19.428|-99.128|America/Mexico_City
 Cancún|3531673|ROO|Quintana Roo|21.174|-86.847|America/Cancun
AR|Argentina|3865483|SA
 Buenos Aires|3435910|C|Buenos Aires F.D.|-34.613|-58.377|America/Argentina/Buenos_Aires
 Córdoba|3860259|X|Córdoba|-31.414|-64.181|America/Argentina/Cordoba
SG|Singapore|1880251|AS
 Singapore|1880252|01|Central Singapore|1.29|103.85|Asia/Singapore
VN|Vietnam|1562822|AS
 Hanoi|1581130|HN|Hanoi|21.025|105.841|Asia/Bangkok
 Ho Chi Minh City|1566083|SG|Ho Chi Minh|10.823|106.63|Asia/Ho_Chi_Minh
TH|Thailand|1605651|AS
 Bangkok|1609350|10|Bangkok|13.754|100.501|Asia/Bangkok
 Phuket|1151254|83|Phuket|7.891|98.398|Asia/Bangkok
KR|South Korea|1835841|AS
 Seoul|1835848|11|Seoul|37.568|126.978|Asia/Seoul
 Busan|1838524|26|Busan|35.102|129.04|Asia/Seoul
AU|Australia|2077456|OC
 Sydney|2147714|NSW|New South Wales|-33.868|151.207|Australia/Sydney
 Melbourne|2158177|VIC|Victoria|-37.814|144.963|Australia/Melbourne
ZA|South Africa|953987|AF
 Johannesburg|993800|GP|Gauteng|-26.202|28.044|Africa/Johannesburg
 Cape Town|3369157|WC|Western Cape|-33.926|18.423|Africa/Johannesburg
NG|Nigeria|2328926|AF
 Lagos|2332459|LA|Lagos|6.454|3.395|Africa/Lagos
 Abuja|2352778|FC|FCT|9.058|7.489|Africa/Lagos
EG|Egypt|357994|AF
 Cairo|360630|C|Cairo|30.063|31.25|Africa/Cairo
 Alexandria|361058|ALX|Alexandria|31.202|29.916|Africa/Cairo
`;

function parse(): readonly Country[] {
  const countries: Country[] = [];
  let cities: City[] = [];
  for (const row of table.trim().split('\n')) {
    const cells = row.trim().split('|') as [string, string, string, string, string, string, string];
    if (row.startsWith(' ')) {
      cities.push({
        name: cells[0],
        id: Number(cells[1]),
        country: countries.at(-1)!,
        region: cells[2],
        regionName: cells[3],
        latitude: Number(cells[4]),
        longitude: Number(cells[5]),
        zone: cells[6],
      });
    } else {
      cities = [];
      countries.push({ code: cells[0], name: cells[1], id: Number(cells[2]), continent: cells[3], cities });
    }
  }
  return countries;
}

/** Real countries and cities with GeoNames' numbers and rough coordinates; who is online there is invented. */
export const countries: readonly Country[] = parse();

/** Countries big enough to have an invented company at home in them. */
export const homeCountries: readonly Country[] = countries.filter(({ cities }) => cities.length >= 4);

/** Kilometres. */
export const distance = (a: City, b: City): number => haversine(a.latitude, a.longitude, b.latitude, b.longitude);
