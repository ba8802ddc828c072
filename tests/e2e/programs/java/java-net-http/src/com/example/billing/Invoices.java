// Shape `query-concatenation-first`: java.net.http, the authtoken as the first parameter of a URL put together over two
// lines, token from the environment, data centre EU.
package com.example.billing;

import driver.Answer;
import driver.Driver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

public class Invoices {
    private static final String ORGANIZATION_ID = "700000002";

    private final HttpClient client = HttpClient.newHttpClient();

    public Answer unpaid() throws IOException, InterruptedException {
        String authtoken = System.getenv("ZOHO_AUTHTOKEN");
        String url = "https://books.zoho.eu/api/v3/invoices?authtoken=" + authtoken
                + "&organization_id=" + ORGANIZATION_ID + "&status=unpaid";
        HttpRequest request = HttpRequest.newBuilder()
                .uri(URI.create(url))
                .header("Accept", "application/json")
                .GET()
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    public static void main(String[] args) throws InterruptedException {
        Invoices invoices = new Invoices();
        System.exit(Driver.run(args, invoices::unpaid));
    }
}
