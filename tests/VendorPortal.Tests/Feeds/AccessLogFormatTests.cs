using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Hosting;

namespace VendorPortal.Tests.Feeds;

public sealed class AccessLogFormatTests
{
    [Theory]
    [InlineData("", "empty")]
    [InlineData("common", "There is no log format 'common'")]
    [InlineData("json:apache", "'json:apache' is not known")]
    [InlineData("json:{}", "needs time, status")]
    [InlineData("""json:{"time":"t","status":"s","method":"m"}""", "both method and uri")]
    [InlineData("""json:{"time":"t","status":"s","request":"r","agent":"a"}""", "'agent'")]
    [InlineData("""json:{"time":7,"status":"s","request":"r"}""", "'time'")]
    [InlineData("$msec$status \"$request\"", "no text between $msec and $status")]
    [InlineData("$status \"$request\"", "tells no time")]
    [InlineData("$msec \"$request\"", "tells no status")]
    [InlineData("$msec $status $request_uri", "tells no request")]
    [InlineData("$msec $status \"$request\" $", "begins no variable")]
    [InlineData("$msec $status \"$request\" ${x", "begins no variable")]
    [InlineData("escape=csv $msec $status \"$request\"", "escape=csv")]
    public void Validate_WhatCannotBeRead_SaysWhyAndWhatIs(string format, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputException>(() => new AccessLogFormat(format).Validate()).Message, StringComparison.Ordinal);

    [Fact]
    public void Validate_AddressThatTheFormatLacks_SaysSo()
    {
        Assert.Contains("$http_x_real_ip", Assert.Throws<InputException>(() => new AccessLogFormat("combined", "http_x_real_ip").Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("by its map", Assert.Throws<InputException>(() => new AccessLogFormat("json:nginx", "x").Validate()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Guides_OfThePresets_WriteWhatIsRead()
    {
        new AccessLogFormat(AccessLogGuide.Nginx[AccessLogGuide.Nginx.IndexOf("log_format", StringComparison.Ordinal)..AccessLogGuide.Nginx.IndexOf("map ", StringComparison.Ordinal)]).Validate();
    }

    [Fact]
    public void Options_OfAFormat_ComeBackAsTheyWere()
    {
        var format = new AccessLogFormat("$msec $status \"$request\" $http_x", "http_x");

        Assert.Equal(format, AccessLogFormat.FromOptions(format.ToOptions()));
    }
}
