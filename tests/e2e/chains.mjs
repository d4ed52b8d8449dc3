// CNAME chains of real API Management gateways, as they were published; the last entry of each is its address.
// Times and kinds: stv1 and external network, stv1 without one, stv1 in two regions, Microsoft's own, stv2 with a
// customer's public IP address behind a Traffic Manager profile of the customer's.

export const CHAINS = {
  "stv1 behind a custom domain": [
    "api-external.penguintrails.com",
    "nnapi-external.azure-api.net",
    "apimgmttmclcv1shygitnmegqrwzwkcqw2cjbklugm8iuvje1l.trafficmanager.net",
    "nnapi-external-eastus-01.regional.azure-api.net",
    "apimgmthsbkt9pesb7u9kyu94q3o8fn5nnanvvv8rykjsxmmxr.cloudapp.net",
    "40.71.32.102",
  ],
  "stv1 without a network": [
    "nnapi-default.azure-api.net",
    "apimgmttmzebra1shygitnmegqrwzwkcqw2cjbklugm8iuvje1.trafficmanager.net",
    "nnapi-default-eastus-01.regional.azure-api.net",
    "apimgmthszebra1esb7u9kyu94q3o8fn5nnanvvv8rykjsxmmx.cloudapp.net",
    "13.92.61.44",
  ],
  "Microsoft's own": [
    "cognitiveweprod.azure-api.net",
    "apimgmttmzebra2shygitnmegqrwzwkcqw2cjbklugm8iuvje1.trafficmanager.net",
    "cognitiveweprod-westeurope-01.regional.azure-api.net",
    "apimgmthszebra2esb7u9kyu94q3o8fn5nnanvvv8rykjsxmmx.cloudapp.net",
    "13.93.122.1",
  ],
  "stv2 behind a Traffic Manager profile of its own": [
    "api.bing.microsoft.com",
    "bingapigblprod.trafficmanager.net",
    "apim-bing-prod-001.azure-api.net",
    "apimgmttmvdvsx40imxehisceiicnxlfng4yxihlxoe6gq2zej.trafficmanager.net",
    "apim-bing-prod-001-westeurope-01.regional.azure-api.net",
    "apimbingapi-ip.westeurope.cloudapp.azure.com",
    "172.199.17.73",
  ],
};

/** The chain as lines of a zone file. */
export function zoneOf(chain, ttl = 300) {
  return chain.slice(0, -1).map((name, hop) => {
    const last = hop === chain.length - 2;
    return `${name}. ${ttl} IN ${last ? "A" : "CNAME"} ${chain[hop + 1]}${last ? "" : "."}`;
  });
}
