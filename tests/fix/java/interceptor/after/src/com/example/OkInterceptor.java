package com.example;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

class OkInterceptor implements Interceptor {
    private final String token;

    OkInterceptor(String token) {
        this.token = token;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request().newBuilder()
                .header("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.getOrFail())
                .build();
        return chain.proceed(request);
    }

    static OkHttpClient client(String token) {
        return new OkHttpClient.Builder()
                .addInterceptor(chain -> chain.proceed(chain.request().newBuilder().addHeader("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.getOrFail()).build()))
                .build();
    }

    static OkHttpClient query(String token) {
        return new OkHttpClient.Builder().addInterceptor(chain -> {
            Request request = chain.request();
            return chain.proceed(request.newBuilder().url(request.url().newBuilder().addQueryParameter("authtoken", token).build()).build());
        }).build();
    }
}
