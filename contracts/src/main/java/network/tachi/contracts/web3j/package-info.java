/**
 * Bindings that the build generates from the compiled contracts with web3j, for places where time
 * does not matter: tests, tools and demonstrations. The only package that knows web3j. The roles
 * use {@code network.tachi.contracts.call} and {@code network.tachi.contracts.event}.
 */
package network.tachi.contracts.web3j;
