using VendorPortal.Hosting;

namespace VendorPortal.Tests.Hosting;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://+:8080", "http://localhost:8080")]
    [InlineData("http://*:8080/", "http://localhost:8080")]
    [InlineData("http://[::]:8080", "http://localhost:8080")]
    [InlineData("http://0.0.0.0:8080", "http://localhost:8080")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("https://portal.example.com", "https://portal.example.com")]
    public void Openable_AnyAddress_IsOneABrowserCanOpen(string address, string expected) =>
        Assert.Equal(expected, ListenAddress.Openable(address));
}
