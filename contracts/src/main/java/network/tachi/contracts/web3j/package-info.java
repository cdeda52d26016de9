/**
 * Our contracts and USDC by web3j, where time does not matter: deployment, the demo, tools and
 * tests. The build generates bindings from the compiled contracts, and web3j itself has those of
 * the token standards; a class here for each contract reads through our own client and gives call
 * data, in our value types. The only package that knows web3j. The roles use {@code
 * network.tachi.contracts.call} and {@code network.tachi.contracts.event}.
 */
package network.tachi.contracts.web3j;
