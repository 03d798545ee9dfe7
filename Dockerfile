FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY build build
COPY src/VendorPortal/VendorPortal.csproj src/VendorPortal/
RUN dotnet restore src/VendorPortal
COPY src src
COPY wwwroot-assets wwwroot-assets
RUN dotnet publish src/VendorPortal --no-restore -c Release -o /app -p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# The system's SQLite gets security updates; without it the portal falls back to an older one that it brings along.
RUN apt-get update && apt-get install -y --no-install-recommends libsqlite3-0 && rm -rf /var/lib/apt/lists/* \
    && mkdir /data && chown $APP_UID:$APP_UID /data
WORKDIR /app
COPY --from=build /app .
ENV Portal__DataDirectory=/data \
    Portal__Urls=http://+:8080 \
    ASPNETCORE_HTTP_PORTS=
USER $APP_UID
VOLUME /data
EXPOSE 8080
# The image has no curl; bash speaks enough HTTP.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r line <&3 && [[ $line == *' 200 '* ]]"]
ENTRYPOINT ["dotnet", "VendorPortal.dll"]
