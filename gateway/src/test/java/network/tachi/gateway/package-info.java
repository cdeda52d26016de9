@org.jspecify.annotations.NullMarked
package network.tachi.gateway;
