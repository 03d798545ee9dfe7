using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Demo;
using VendorPortal.Hosting;
using VendorPortal.Storage;
using Xunit.Abstractions;
namespace VendorPortal.Tests.Demo;
public sealed class Scratch(ITestOutputHelper output)
{
    [Fact]
    public async Task Load()
    {
        var dir = "/tmp/lead-demo"; Directory.CreateDirectory(dir);
        var app = PortalApplication.Build([$"--Portal:DataDirectory={dir}", "--Portal:Urls=http://127.0.0.1:0"]);
        await app.Services.GetRequiredService<PortalMigrator>().MigrateAsync(default);
        await app.StartAsync();
        var w = Stopwatch.StartNew();
        var n = await app.Services.GetRequiredService<SampleVendor>().LoadAsync(new Progress<double>(), default);
        output.WriteLine($"{n} requests in {w.Elapsed}");
        await app.StopAsync();
        throw new InvalidOperationException($"{n} requests in {w.Elapsed}");
    }
}
