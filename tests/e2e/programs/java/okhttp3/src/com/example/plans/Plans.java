// Shape `scheme-header-concatenation`: OkHttp 3, `Authorization` by concatenation, a company header that Subscriptions
// wants, token from the environment in a field.
package com.example.plans;

import driver.Answer;
import driver.Driver;
import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

public class Plans {
    private static final String BASE = "https://subscriptions.zoho.com/api/v1";

    private final OkHttpClient client = new OkHttpClient();
    private final String token = System.getenv("ZOHO_AUTHTOKEN");

    public Answer list() throws IOException {
        Request request = new Request.Builder()
                .url(BASE + "/plans")
                .addHeader("X-com-zoho-subscriptions-organizationid", "700000003")
                .addHeader("Authorization", "Zoho-authtoken " + token)
                .build();
        try (Response response = client.newCall(request).execute()) {
            return new Answer(response.code(), response.body().string());
        }
    }

    public static void main(String[] args) throws InterruptedException {
        Plans plans = new Plans();
        System.exit(Driver.run(args, plans::list));
    }
}
